// @ts-check
import { HEADERS } from './start-node.mjs';

/**
 * @param {string} url
 * @param {string} question
 * @returns {Promise<Record<string, unknown>>}
 */
export async function ask(url, question) {
  const response = await fetch(`${url}/v1/stats/${question}`, { headers: HEADERS });
  const text = await response.text();
  if (!response.ok) throw new Error(`${question}: ${response.status} ${text}`);
  return JSON.parse(text);
}
