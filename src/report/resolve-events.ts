import { HeadcountError, type HeadcountErrorCode } from '../errors.js';
import {
  bucketLabels,
  DECLARATION_LIMITS as LIMITS,
  EVENT_NAME,
  type Field,
  FIELD_NAME,
  isAllowedValue,
  type ManifestEvent,
  type ManifestEvents,
} from '../wire/manifest.js';
import { STARTUP_EVENT } from '../wire/report.js';

/** The event of every project. An app may declare it anew, with fields. */
export const STARTUP: ManifestEvents = {
  [STARTUP_EVENT]: { description: 'The program was started.', fields: {} },
};

const WORDS = `a list of 1–${LIMITS.valuesPerField} different words of 1–${LIMITS.valueCharacters} characters`;
const BOUNDS = `1–${LIMITS.bounds} whole numbers from 1 to ${LIMITS.maxBound}, ascending`;
const KINDS = `${WORDS}, field.boolean(), field.bucket(…), field.semver() or field.count({ max })`;
const CONTROL = /\p{Cc}/u;

/**
 * An app's declarations as a manifest has them, with `startup` and in full.
 *
 * @throws HeadcountError naming the place, such as `events.build.fields.bundler`
 */
export function resolveEvents(declarations: unknown): ManifestEvents {
  const events = { ...STARTUP };
  for (const [at, name, given] of entriesOf('events', declarations, LIMITS.events)) {
    if (!EVENT_NAME.test(name)) {
      throw wrong(at, 'called by 1–64 of a-z 0-9 _ -, first a letter', name);
    }
    events[name] = resolveEvent(at, given);
  }
  return Object.freeze(events);
}

function resolveEvent(at: string, given: unknown): ManifestEvent {
  const event = recordOf(at, given, '{ description, fields, timed }');
  for (const key of Object.keys(event)) {
    if (!['description', 'fields', 'timed'].includes(key)) {
      const expected = 'one of description, fields, timed';
      throw wrong(`${at}.${key}`, expected, event[key], 'HEADCOUNT_ERR_UNKNOWN_OPTION');
    }
  }
  const { timed = false } = event;
  if (typeof timed !== 'boolean') throw wrong(`${at}.timed`, 'true or false', timed);
  const fields: Record<string, Field> = timed ? { ...TIMED_FIELDS } : {};
  const most = LIMITS.fieldsPerEvent - Object.keys(fields).length;
  for (const [place, name, field] of entriesOf(`${at}.fields`, event['fields'] ?? {}, most)) {
    if (!FIELD_NAME.test(name)) {
      throw wrong(place, 'called by 1–64 letters, digits or _, first a small letter', name);
    }
    fields[name] = resolveField(place, field);
    if (timed && !isTimed(name, fields[name])) {
      throw wrong(place, 'a bucketed number (durationMs), or ok, error and more (outcome)', field);
    }
  }
  return { description: descriptionOf(at, event), fields };
}

function resolveField(at: string, given: unknown): Field {
  if (Array.isArray(given)) return { kind: 'enum', values: wordsOf(at, given) };
  const field = recordOf(at, given, KINDS);
  const { kind, values, max } = field;
  const description = field['description'] !== undefined && {
    description: descriptionOf(at, field),
  };
  switch (kind) {
    case 'enum':
      return { kind, values: wordsOf(`${at}.values`, values), ...description };
    case 'boolean':
    case 'semver':
      return { kind, ...description };
    case 'bucket': {
      const bounds = boundsOf(at, field['bounds']);
      return { kind, bounds, values: bucketLabels(bounds), ...description };
    }
    case 'count':
      if (!isWhole(max, LIMITS.maxCount)) {
        throw wrong(`${at}.max`, `a whole number, 1–${LIMITS.maxCount}`, max);
      }
      return { kind, max, ...description };
    default:
      throw wrong(at, KINDS, given);
  }
}

function wordsOf(at: string, given: unknown): string[] {
  const words: unknown[] = Array.isArray(given) ? given.slice(0, LIMITS.valuesPerField + 1) : [];
  if (words.length === 0 || words.length > LIMITS.valuesPerField || !words.every(isWord)) {
    throw wrong(at, WORDS, given);
  }
  if (new Set(words).size < words.length) throw wrong(at, WORDS, words);
  return words;
}

const isWord = (value: unknown): value is string => isText(value, LIMITS.valueCharacters);

function boundsOf(at: string, given: unknown): number[] {
  const bounds: unknown[] = Array.isArray(given) ? given.slice(0, LIMITS.bounds + 1) : [];
  const isRight = (bound: unknown, index: number): bound is number =>
    isWhole(bound, LIMITS.maxBound) && (index === 0 || bound > Number(bounds[index - 1]));
  if (bounds.length === 0 || bounds.length > LIMITS.bounds || !bounds.every(isRight)) {
    throw wrong(at, `field.bucket(…) of ${BOUNDS}`, given);
  }
  return bounds;
}

function descriptionOf(at: string, { description }: Readonly<Record<string, unknown>>): string {
  const most = LIMITS.descriptionCharacters;
  if (isText(description, most)) return description;
  throw wrong(`${at}.description`, `a string of 1–${most} characters in one line`, description);
}

const isWhole = (value: unknown, max: number): value is number =>
  Number.isInteger(value) && Number(value) >= 1 && Number(value) <= max;

const isText = (value: unknown, max: number): value is string =>
  typeof value === 'string' && value.length >= 1 && value.length <= max && !CONTROL.test(value);

function entriesOf(at: string, given: unknown, most: number): [string, string, unknown][] {
  const entries = Object.entries(recordOf(at, given, 'an object of declarations by name'));
  if (entries.length > most) throw wrong(at, `at most ${most} declarations`, given);
  return entries.map(([name, value]) => [`${at}.${name}`, name, value]);
}

function recordOf(at: string, given: unknown, expected: string): Readonly<Record<string, unknown>> {
  if (typeof given === 'object' && given !== null && !Array.isArray(given)) {
    return given as Record<string, unknown>; // the cast: what was just found out
  }
  throw wrong(at, expected, given);
}

const wrong = (
  option: string,
  expected: string,
  given: unknown,
  code: HeadcountErrorCode = 'HEADCOUNT_ERR_INVALID_OPTION',
): HeadcountError => new HeadcountError(code, { option, expected, given });

const TIMED_BOUNDS = [10, 100, 1_000, 10_000, 60_000, 600_000];

/** What `timed: true` declares, and `time()` fills. */
const TIMED_FIELDS: Readonly<Record<'durationMs' | 'outcome', Field>> = {
  durationMs: {
    kind: 'bucket',
    bounds: TIMED_BOUNDS,
    values: bucketLabels(TIMED_BOUNDS),
    description: 'How long it took, in milliseconds.',
  },
  outcome: {
    kind: 'enum',
    values: ['ok', 'error'],
    description: 'Whether it failed. Never how: no text of an error is collected.',
  },
};

/** Whether a declaration of an app's own can hold what `time()` finds. */
function isTimed(name: string, field: Field): boolean {
  if (name === 'durationMs') return field.kind === 'bucket';
  return name !== 'outcome' || ['ok', 'error'].every((word) => isAllowedValue(field, word));
}
