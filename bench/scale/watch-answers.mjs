// @ts-check
import { setTimeout as pause } from 'node:timers/promises';
import { ask } from './ask.mjs';

const EVERY_MS = 20;
const WITHIN_MS = 120_000;

/**
 * Asks for a summary until an answer has all reports that were acknowledged before a moment.
 *
 * @param {string} url
 * @param {string} project
 * @param {Date} moment
 * @returns {Promise<{ answerAtMs: number, freshAtMs: number }>} when the first answer came, and the
 * first that has them all
 */
export async function watchAnswers(url, project, moment) {
  let answerAtMs = NaN;
  const end = performance.now() + WITHIN_MS;
  for (;;) {
    const told = await ask(url, `summary?project=${project}`);
    const asOf = told && new Date(String(told.answer['as_of']));
    const now = performance.now();
    if (asOf !== undefined && Number.isNaN(answerAtMs)) answerAtMs = now;
    if (asOf !== undefined && asOf >= moment) return { answerAtMs, freshAtMs: now };
    if (now > end) throw new Error(`No fresh answer came from ${url}.`);
    await pause(EVERY_MS);
  }
}
