import type { HeadcountErrorCode, HeadcountErrorDetails, OptionMistake } from '../../errors.js';
import type { HeadcountOptions } from '../../options.js';
import { OPTION_LIMITS } from '../setup/resolve-options.js';
import { CHANNELS } from '../../wire/report.js';
import { STORAGE_EXPECTED } from '../../storage/read-storage.js';
import { DECLARATION_LIMITS as LIMITS } from '../../wire/manifest.js';
import { ENDPOINT_FAULTS } from '../../project/endpoint-faults.js';

const text = (max: number): string => `a string of 1–${max} characters without control characters`;
const wholeNumber = (min: number, max: number, unit = ''): string =>
  `a whole number${unit}, ${min}–${max}`;
const milliseconds = (max: number): string => wholeNumber(0, max, ' of milliseconds');
const oneOf = (...words: readonly string[]): string =>
  `one of ${words.map((word) => `"${word}"`).join(', ')}`;
const BOOLEAN = 'true or false';
const INTERVAL = milliseconds(OPTION_LIMITS.intervalMs);

/** What each option must be. */
const OPTIONS: { readonly [Option in keyof Required<HeadcountOptions>]: string } = {
  project: text(OPTION_LIMITS.projectCharacters),
  version: text(OPTION_LIMITS.versionCharacters),
  packageJson: text(OPTION_LIMITS.packageJsonCharacters),
  endpoint: ENDPOINT_FAULTS['not-a-url'],
  allowInsecure: BOOLEAN,
  events: 'an object of declarations by name',
  storage: STORAGE_EXPECTED,
  disabled: BOOLEAN,
  mode: oneOf('on', 'local', 'off', 'opt-in'),
  notice: oneOf('none', 'before-send'),
  command: text(OPTION_LIMITS.commandCharacters),
  inTests: BOOLEAN,
  flushIntervalMs: INTERVAL,
  flushAt: wholeNumber(1, OPTION_LIMITS.flushAt),
  exitUploadIntervalMs: INTERVAL,
  exitBudgetMs: milliseconds(OPTION_LIMITS.exitBudgetMs),
  heartbeat: BOOLEAN,
  channel: oneOf(...CHANNELS),
  extraCa: 'one or more certificates as PEM text, at most 64 KiB',
};

const WORDS = `a list of 1–${LIMITS.valuesPerField} different words of 1–${LIMITS.valueCharacters} characters`;

/** What each rule requires. */
const RULES: Readonly<Record<string, string>> = {
  ...OPTIONS,
  ...ENDPOINT_FAULTS,
  'personal-project': 'a name without personal data, such as an e-mail address, a path or a host',
  options: 'an object whose properties can be read',
  declarations: 'an object of declarations by name',
  'event-name': 'called by 1–64 of a-z 0-9 _ -, first a letter',
  'reserved-event': 'called by another name, because Headcount itself reports "alive"',
  event: '{ description, fields, timed }',
  timed: BOOLEAN,
  'field-name': 'called by 1–64 letters, digits or _, first a small letter',
  'timed-field': 'a bucketed number (durationMs), or ok, error and more (outcome)',
  field: `${WORDS}, field.boolean(), field.bucket(…), field.semver() or field.count({ max })`,
  words: WORDS,
  bounds: `field.bucket(…) of 1–${LIMITS.bounds} whole numbers from 1 to ${LIMITS.maxBound}, ascending`,
  max: wholeNumber(1, LIMITS.maxCount),
  description: `a string of 1–${LIMITS.descriptionCharacters} characters in one line`,
};

/** Describes a mistake: the option, what was expected and what was given. */
export function wordMistake({ option, rule, given, limit }: OptionMistake): HeadcountErrorDetails {
  const isUnknown = rule.startsWith('unknown-');
  const expected = isUnknown
    ? `one of ${limit}`
    : rule === 'too-many'
      ? `at most ${limit} declarations`
      : (RULES[rule] ?? rule);
  const message = isUnknown
    ? `createHeadcount(): there is no option "${option}". Use ${expected}.`
    : `createHeadcount(): option "${option}" must be ${expected}, but is ${describe(given)}.`;
  return { code: codeOf(rule), option, expected, given, message };
}

function codeOf(rule: string): HeadcountErrorCode {
  if (rule.startsWith('unknown-')) return 'HEADCOUNT_ERR_UNKNOWN_OPTION';
  return rule === 'insecure' ? 'HEADCOUNT_ERR_INSECURE_ENDPOINT' : 'HEADCOUNT_ERR_INVALID_OPTION';
}

function describe(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.slice(0, 100));
  if (typeof value === 'function') return 'a function';
  if (typeof value === 'object' && value !== null) return isArray(value) ? 'an array' : 'an object';
  return String(value);
}

function isArray(value: object): boolean {
  try {
    return Array.isArray(value);
  } catch {
    return false; // a revoked proxy
  }
}
