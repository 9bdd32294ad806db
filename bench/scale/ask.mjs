// @ts-check
import { HEADERS } from './start-node.mjs';

/** What a collector says to a question that takes too long, or waits for too long. */
const TOO_LONG = [422, 503];

/**
 * @param {string} url
 * @param {string} question
 * @returns {Promise<{ answer: Record<string, unknown>, ms: number } | undefined>} nothing where it took too
 * long
 */
export async function ask(url, question) {
  const began = performance.now();
  const response = await fetch(`${url}/v1/stats/${question}`, { headers: HEADERS });
  const text = await response.text();
  const ms = performance.now() - began;
  if (response.ok) return { answer: JSON.parse(text), ms };
  if (TOO_LONG.includes(response.status)) return undefined;
  throw new Error(`${question}: ${response.status} ${text}`);
}
