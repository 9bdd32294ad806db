import { OptionMistake } from '../errors.js';
import { ownOnly } from '../own-only.js';
import { isRecord } from '../type-guards.js';
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
import { ALIVE_EVENT } from '../wire/report.js';
import { OWN_EVENTS, WITHOUT_HEARTBEAT } from './startup-event.js';

const CONTROL = /\p{Cc}/u;

/**
 * Checks an app's declarations, and returns them in the form of a manifest, with `startup` and
 * `alive`.
 *
 * @param hasHeartbeat - whether the app reports `alive`
 * @throws OptionMistake naming the place, such as `events.build.fields.bundler`
 */
export function resolveEvents(declarations: unknown, hasHeartbeat = true): ManifestEvents {
  const own = hasHeartbeat ? OWN_EVENTS : WITHOUT_HEARTBEAT;
  if (declarations === undefined) return own;
  const events = { ...own };
  for (const [at, name, given] of entriesOf('events', declarations, LIMITS.events)) {
    if (!EVENT_NAME.test(name)) throw new OptionMistake(at, 'event-name', name);
    if (name === ALIVE_EVENT) throw new OptionMistake(at, 'reserved-event', name);
    events[name] = resolveEvent(at, given);
  }
  return Object.freeze(events);
}

function resolveEvent(at: string, given: unknown): ManifestEvent {
  const event = recordOf(at, given, 'event');
  for (const key of Object.keys(event)) {
    if (!EVENT_KEYS.includes(key)) {
      throw new OptionMistake(`${at}.${key}`, 'unknown-key', event[key], EVENT_KEYS.join(', '));
    }
  }
  const { timed = false } = event;
  if (typeof timed !== 'boolean') throw new OptionMistake(`${at}.timed`, 'timed', timed);
  const fields: Record<string, Field> = timed ? { ...timedFields() } : {};
  const most = LIMITS.fieldsPerEvent - Object.keys(fields).length;
  for (const [place, name, field] of entriesOf(`${at}.fields`, event['fields'] ?? {}, most)) {
    if (!FIELD_NAME.test(name)) throw new OptionMistake(place, 'field-name', name);
    fields[name] = resolveField(place, field);
    if (timed && !isTimed(name, fields[name])) throw new OptionMistake(place, 'timed-field', field);
  }
  return { description: descriptionOf(at, event), fields };
}

const EVENT_KEYS = ['description', 'fields', 'timed'];

function resolveField(at: string, given: unknown): Field {
  if (Array.isArray(given)) return { kind: 'enum', values: wordsOf(at, given) };
  const field = recordOf(at, given, 'field');
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
      if (!isWhole(max, LIMITS.maxCount)) throw new OptionMistake(`${at}.max`, 'max', max);
      return { kind, max, ...description };
    default:
      throw new OptionMistake(at, 'field', given);
  }
}

function wordsOf(at: string, given: unknown): string[] {
  const words: unknown[] = Array.isArray(given) ? given.slice(0, LIMITS.valuesPerField + 1) : [];
  if (words.length === 0 || words.length > LIMITS.valuesPerField || !words.every(isWord)) {
    throw new OptionMistake(at, 'words', given);
  }
  if (new Set(words).size < words.length) throw new OptionMistake(at, 'words', words);
  return words;
}

const isWord = (value: unknown): value is string => isText(value, LIMITS.valueCharacters);

function boundsOf(at: string, given: unknown): number[] {
  const bounds: unknown[] = Array.isArray(given) ? given.slice(0, LIMITS.bounds + 1) : [];
  const isRight = (bound: unknown, index: number): bound is number =>
    isWhole(bound, LIMITS.maxBound) && (index === 0 || bound > Number(bounds[index - 1]));
  if (bounds.length === 0 || bounds.length > LIMITS.bounds || !bounds.every(isRight)) {
    throw new OptionMistake(at, 'bounds', given);
  }
  return bounds;
}

function descriptionOf(at: string, { description }: Readonly<Record<string, unknown>>): string {
  if (isText(description, LIMITS.descriptionCharacters)) return description;
  throw new OptionMistake(`${at}.description`, 'description', description);
}

const isWhole = (value: unknown, max: number): value is number =>
  Number.isInteger(value) && Number(value) >= 1 && Number(value) <= max;

const isText = (value: unknown, max: number): value is string =>
  typeof value === 'string' && value.length >= 1 && value.length <= max && !CONTROL.test(value);

function entriesOf(at: string, given: unknown, most: number): [string, string, unknown][] {
  const entries = Object.entries(recordOf(at, given, 'declarations'));
  if (entries.length > most) throw new OptionMistake(at, 'too-many', given, most);
  return entries.map(([name, value]) => [`${at}.${name}`, name, value]);
}

function recordOf(at: string, given: unknown, rule: string): Readonly<Record<string, unknown>> {
  if (isRecord(given)) return ownOnly(given);
  throw new OptionMistake(at, rule, given);
}

/** The fields that `timed: true` declares and `time()` fills. */
function timedFields(): Readonly<Record<'durationMs' | 'outcome', Field>> {
  const bounds = [10, 100, 1_000, 10_000, 60_000, 600_000];
  return {
    durationMs: {
      kind: 'bucket',
      bounds,
      values: bucketLabels(bounds),
      description: 'How long it took, in milliseconds.',
    },
    outcome: {
      kind: 'enum',
      values: ['ok', 'error'],
      description: 'Whether it failed. The error message is never collected.',
    },
  };
}

/** Whether an app's own declaration accepts the values of `time()`. */
function isTimed(name: string, field: Field): boolean {
  if (name === 'durationMs') return field.kind === 'bucket';
  return name !== 'outcome' || ['ok', 'error'].every((word) => isAllowedValue(field, word));
}
