// @ts-check
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * @typedef {object} SectionResult
 * @property {string} title
 * @property {string} note
 * @property {{ date: string, command: string, pairs?: number, headcount: string, load: number,
 *   nodes?: readonly string[],
 *   machine: ReturnType<typeof import('./machine.mjs').describeMachine> }} measured
 * `nodes`: the versions of Node.js where they are more than the one that ran the benchmark
 * @property {readonly import('./section.mjs').Column[]} columns
 * @property {readonly import('./section.mjs').Row[]} rows
 *
 * @typedef {Record<string, SectionResult>} Results by the section's name
 */

/** @param {string} file @returns {Results} */
export function readResults(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
}

/**
 * Sections that were not measured this time stay as they are, with their own date and command.
 *
 * @param {Results} results
 * @param {string} file
 */
export function writeResults(results, file) {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify({ ...readResults(file), ...results }, undefined, 2)}\n`);
}
