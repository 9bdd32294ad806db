// @ts-check
import { summarize } from '../statistics.mjs';

/**
 * @typedef {object} Subject
 * @property {string} label
 * @property {string} group
 * @property {boolean} isBase the others of its group are compared with it
 * @property {import('./nodes.mjs').NodeRelease} node
 *
 * @typedef {object} Plan
 * @property {number} pairs measured runs of each subject
 * @property {number} [warmUps] runs of each before them, which are not counted (none)
 * @property {Readonly<Record<string, string>>} [differences] metrics that are made of others: by
 * their names, the metric whose difference to the base of the same round they are
 * @property {(text: string) => void} progress
 */

/**
 * Runs each subject once a round, in turn, so that whatever else the machine does meanwhile falls on
 * all of them alike. Every second round goes backwards.
 *
 * @template {Subject} T
 * @param {readonly T[]} subjects
 * @param {Plan} plan
 * @param {(subject: T) => Promise<Record<string, number>>} run
 * @returns {Promise<import('../section.mjs').Row[]>}
 */
export async function measureAlternately(subjects, plan, run) {
  const { pairs, warmUps = 0, differences = {}, progress } = plan;
  /** @type {Map<T, Record<string, number[]>>} */
  const measured = new Map(subjects.map((subject) => [subject, {}]));
  for (let round = 1 - warmUps; round <= pairs; round += 1) {
    for (const subject of round % 2 ? subjects : subjects.toReversed()) {
      const which = round < 1 ? 'warm-up' : `round ${round} of ${pairs}`;
      progress(`${which}: ${subject.label}, Node ${subject.node.major}`);
      const values = measured.get(subject) ?? {};
      for (const [key, value] of Object.entries(await run(subject))) {
        if (round >= 1) (values[key] ??= []).push(value);
      }
    }
  }
  return [...measured].map(([subject, values]) => {
    const { label, group, isBase, node } = subject;
    const base = subjects.find((other) => other.isBase && other.group === group);
    /** @type {import('../section.mjs').Row['metrics']} */
    const metrics = { node: node.major };
    for (const [key, list] of Object.entries(values)) metrics[key] = summarize(list);
    for (const [key, of] of Object.entries(differences)) {
      const bases = (base && base !== subject && measured.get(base)?.[of]) || [];
      const own = values[of] ?? [];
      metrics[key] = summarize(bases.map((value, round) => (own[round] ?? NaN) - value));
    }
    return { label, group, isBase, metrics };
  });
}
