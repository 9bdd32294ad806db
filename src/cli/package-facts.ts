import type { TelemetryFacts } from '../manifest/telemetry-markdown.js';

/** What a package.json says for `npx headcount manifest`. */
export interface PackageFacts {
  readonly project: string | undefined;
  readonly version: string | undefined;
  /** The module that exports the declared events. */
  readonly events: string | undefined;
  /** What users type to manage telemetry. */
  readonly command: string | undefined;
  readonly about: TelemetryFacts;
}

const MODES = ['on', 'opt-in', 'local'] as const;

/** Reads a package.json; a text where something in it is wrong, that says what. */
export function packageFacts(text: string | undefined): PackageFacts | string {
  const json = parse(text ?? '{}');
  if (!json) return 'package.json is not JSON.';
  const own = json['headcount'] === undefined ? {} : json['headcount'];
  if (!isRecord(own)) return 'package.json: headcount must be an object.';
  for (const name of ['endpoint', 'events', 'purpose', 'command']) {
    const value = own[name];
    if (value !== undefined && typeof value !== 'string') return must(name, 'a string', value);
  }
  const { endpoint, events, purpose, command, retentionDays: days, mode } = own;
  if (days !== undefined && !(Number.isInteger(days) && Number(days) >= 1)) {
    return must('retentionDays', 'a whole number from 1', days);
  }
  if (mode !== undefined && !MODES.some((known) => known === mode)) {
    return must('mode', `one of ${MODES.join(', ')}`, mode);
  }
  return {
    project: textOf(json['name']),
    version: textOf(json['version']),
    events: textOf(events),
    command: textOf(command),
    about: {
      ...(typeof purpose === 'string' && { purpose }),
      ...(typeof endpoint === 'string' && { endpoint }),
      ...(typeof days === 'number' && { retentionDays: days }),
      // The cast: checked above.
      ...(mode !== undefined && { mode: mode as (typeof MODES)[number] }),
    },
  };
}

const must = (name: string, expected: string, given: unknown): string =>
  `package.json: headcount.${name} must be ${expected}, and is ${JSON.stringify(given)}.`;

const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

function parse(text: string): Record<string, unknown> | undefined {
  try {
    const json: unknown = JSON.parse(text);
    return isRecord(json) ? json : undefined;
  } catch {
    return undefined;
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
