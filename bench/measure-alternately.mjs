// @ts-check
import { summarize } from './statistics.mjs';

/**
 * Runs each subject once a round, in turn, so that whatever else the machine does meanwhile falls on
 * all of them alike. Every second round goes backwards.
 *
 * @template {{ label: string, kind: string }} T
 * @param {readonly T[]} subjects
 * @param {number} rounds
 * @param {(text: string) => void} progress
 * @param {(subject: T, round: number) => Promise<Record<string, number>>} run
 * @returns {Promise<import('./section.mjs').Row[]>}
 */
export async function measureAlternately(subjects, rounds, progress, run) {
  /** @type {Map<T, Record<string, number[]>>} */
  const measured = new Map(subjects.map((subject) => [subject, {}]));
  for (let round = 1; round <= rounds; round += 1) {
    for (const subject of round % 2 ? subjects : subjects.toReversed()) {
      progress(`round ${round} of ${rounds}: ${subject.label}`);
      const values = measured.get(subject) ?? {};
      for (const [key, value] of Object.entries(await run(subject, round))) {
        (values[key] ??= []).push(value);
      }
    }
  }
  return [...measured].map(([{ label, kind }, values]) => ({
    label,
    isBase: kind === 'none',
    metrics: Object.fromEntries(
      Object.entries(values).map(([key, list]) => [key, summarize(list)]),
    ),
  }));
}
