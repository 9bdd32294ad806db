// @ts-check
import { readFileSync } from 'node:fs';

/**
 * What the invented program may report.
 *
 * @type {import('headcount/wire').Manifest}
 */
export const MANIFEST = JSON.parse(readFileSync(new URL('manifest.json', import.meta.url), 'utf8'));

/**
 * The words or ranges of a field.
 *
 * @param {string} event @param {string} name
 * @returns {readonly string[]}
 */
function valuesOf(event, name) {
  const field = MANIFEST.events[event]?.fields[name];
  if (field === undefined || !('values' in field)) throw new Error(`${event} has no ${name}`);
  return field.values;
}

const SECONDS = valuesOf('build', 'seconds');
const TESTS = valuesOf('test', 'tests');

/**
 * How many people use an event, besides starting the program, and how much more (or less) at the end
 * of the shown days than at their begin.
 */
export const HABITS = /** @type {const} */ ([
  ['build', 0.72, 0.05],
  ['dev', 0.55, 0.02],
  ['test', 0.34, 0.1],
  ['deploy', 0.2, 0.45],
  ['lint', 0.11, -0.05],
  ['init', 0.14, 0.1],
  ['doctor', 0.05, -0.1],
  ['migrate', 0.02, -0.5],
]);

/**
 * What a report of an event says besides.
 *
 * @param {string} event
 * @param {{ bundler: string, slowness: number, newest: string }} person
 * @param {() => number} random
 * @returns {Record<string, import('headcount/wire').FieldValue> | undefined}
 */
export function fieldsOf(event, { bundler, slowness, newest }, random) {
  const range = (/** @type {readonly string[]} */ labels, /** @type {number} */ at) =>
    labels[Math.min(labels.length - 1, Math.floor(at * labels.length))] ?? '';
  switch (event) {
    case 'build': {
      const cached = /^2\.3/.test(newest) && random() < 0.7;
      const at = Math.min(0.99, (slowness + 0.4 * random()) * (cached ? 0.5 : 0.85));
      return { bundler, seconds: range(SECONDS, at), cached };
    }
    case 'dev':
      return { bundler };
    case 'test':
      return { tests: range(TESTS, slowness), passed: random() < 0.78 };
    case 'lint':
      return { fixed: random() < 0.4 };
    case 'deploy': {
      const hosts = ['static', 'container', 'own-server', 'edge', 'other-host'];
      return { host: range(hosts, random() ** 1.6) };
    }
    case 'init': {
      const templates = ['app', 'site', 'library', 'plugin'];
      return { template: range(templates, random() ** 1.8) };
    }
    case 'migrate':
      return { to: newest };
    default:
      return undefined;
  }
}
