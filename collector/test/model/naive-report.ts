import { type CalendarDate, dateIn } from './calendar.js';
import { momentsOf, type Times } from './naive-moments.js';

/** A report as it goes over the wire: anything, in the end. */
export type WireReport = Readonly<Record<string, unknown>>;

/** Events that a project declares: of each field the values that it may have. */
export type Declared = Readonly<Record<string, Readonly<Record<string, readonly unknown[]>>>>;

/** What the collector knows of a report beside the report. */
export interface Circumstances extends Times {
  readonly zone: string;
  readonly declared: Declared | undefined;
  /** The country that it came from, where countries are looked up. */
  readonly country?: string | undefined;
}

/** A report as the documentation says it is to be understood. */
export interface NaiveReport {
  readonly project: string;
  readonly user: string;
  /** What it may be counted under once only; `undefined` counts every time. */
  readonly once: string | undefined;
  readonly at: number;
  readonly madeAt: number;
  readonly date: CalendarDate;
  readonly ci: boolean;
  readonly source: string | undefined;
  readonly isKept: boolean | undefined;
  /** By dimension of people, in their order. */
  readonly values: Readonly<Record<string, string>>;
  readonly event: string | undefined;
  /** By the event's field. */
  readonly fields: Readonly<Record<string, string>>;
  readonly lost: number;
}

/** What people are told apart by. */
export const PEOPLE_DIMENSIONS = [
  'os',
  'version',
  'certainty',
  'os_version',
  'arch',
  'runtime',
  'runtime_version',
  'container',
  'wsl',
  'agent',
  'channel',
  'level',
  'country',
];

/** What people are told apart by, and how long they have been known, which no report says. */
export const ALL_PEOPLE_DIMENSIONS = [...PEOPLE_DIMENSIONS, 'age'];

/** Of the values of `ci` that reports of the models have, those that name a build farm. */
const NAMES_A_FARM: readonly unknown[] = [
  ...['github', 'GitHub Actions', 'true', '1', '1.0', ' YES ', 'y', 't', 'on', true, 1],
];

const SOURCES: readonly unknown[] = ['machine', 'time', 'copied', 'given', 'ci'];

/** Why a report has not what it must have to be counted; `undefined` if it has. */
export function whyRefused(report: WireReport): string | undefined {
  const required = ['anonymous_id', 'timestamp', 'project', 'info'];
  if (required.some((name) => report[name] === undefined)) return 'missing_field';
  const { anonymous_id: id, timestamp, project, info } = report;
  const areTexts = [id, timestamp, project].every((value) => typeof value === 'string');
  if (!areTexts || typeof info !== 'object' || info === null) return 'wrong_type';
  return id === '' || project === '' ? 'out_of_bounds' : undefined;
}

export function understand(report: WireReport, circumstances: Circumstances): NaiveReport {
  const info = report['info'] as Record<string, unknown>;
  const [project, user] = [String(report['project']), String(report['anonymous_id'])];
  const source = SOURCES.includes(info['id_source']) ? String(info['id_source']) : undefined;
  const isKept = typeof info['id_persisted'] === 'boolean' ? info['id_persisted'] : undefined;
  const values = PEOPLE_DIMENSIONS.map((name) => [
    name,
    name === 'certainty' ? certainty(source, isKept) : (factOf(name) ?? 'unknown'),
  ]);
  function factOf(name: string): string | undefined {
    return name === 'country' ? circumstances.country : fact(name, info[name]);
  }
  const lost = report['lost_total'];
  const { at, madeAt } = momentsOf(String(report['timestamp']), circumstances);
  return {
    project,
    user,
    once: onceOf(report['report_id'], project, user),
    at,
    madeAt,
    date: dateIn(circumstances.zone, at),
    ci: user.startsWith('ci-') || source === 'ci' || NAMES_A_FARM.some((ci) => ci === info['ci']),
    source,
    isKept,
    values: Object.fromEntries(values) as Record<string, string>,
    ...happened(report, circumstances.declared),
    lost: typeof lost === 'number' && Number.isInteger(lost) && lost > 0 ? lost : 0,
  };
}

/** UUIDs tell reports apart wherever they come from; other texts those of one user. */
function onceOf(id: unknown, project: string, user: string): string | undefined {
  if (typeof id !== 'string') return undefined;
  return /^[\da-f]{8}-/i.test(id) ? id.toLowerCase() : JSON.stringify([project, user, id]);
}

function certainty(source: string | undefined, isKept: boolean | undefined): string {
  if (source === 'machine' || source === 'given') return 'certain';
  // Whoever has an ID of a build farm's making and is a person has it for good.
  return isKept === false && source !== 'ci' ? 'ephemeral' : 'likely';
}

function fact(name: string, value: unknown): string | undefined {
  if (name === 'container' || name === 'wsl') {
    return typeof value === 'boolean' ? String(value) : undefined;
  }
  const text = textOf(value);
  if (text === undefined) return undefined;
  const folded = foldedFact(name, text);
  return looksRight(name, folded) ? folded : 'other';
}

/** One spelling of a fact, of those that reports of the models have. */
export function foldedFact(name: string, text: string): string {
  if (name === 'os') return text[0]?.toUpperCase() + text.slice(1).toLowerCase();
  const lower = text.toLowerCase().replace(/^v(\d)/, '$1');
  if (name !== 'version') return name === 'agent' || name.endsWith('version') ? lower : text;
  const [numbers = '', ...rest] = lower.split('-');
  const three = [...numbers.split('.'), '0', '0'].slice(0, Math.max(3, numbers.split('.').length));
  return /^\d/.test(lower) ? [three.join('.'), ...rest].join('-') : lower;
}

/** What facts look like, of the values that reports of the models have. */
const LOOKS: Readonly<Record<string, RegExp>> = {
  os: /^(Linux|Darwin|Windows)$/,
  version: /^\d+\.\d+\.\d+(-[a-z\d.]+)?$/,
  channel: /^(npm|npx|docker)$/,
  level: /^(full|basic)$/,
};

/** Whether a fact looks like one of its kind; all others are `other`. */
export const looksRight = (name: string, text: string): boolean =>
  LOOKS[name]?.test(text) !== false;

/** What is kept of a value that is a text. */
export function textOf(value: unknown): string | undefined {
  const trimmed = typeof value === 'string' ? value.trim() : '';
  return trimmed === '' ? undefined : trimmed.slice(0, 64);
}

function happened(
  { event, fields }: WireReport,
  declared: Declared | undefined,
): Pick<NaiveReport, 'event' | 'fields'> {
  // Every manifest allows `alive`, without fields.
  const allowed = declared?.[String(event)] ?? (declared && event === 'alive' ? {} : undefined);
  const isTaken = typeof event === 'string' && /^[a-z][a-z0-9_-]*$/.test(event);
  if (!isTaken || (declared !== undefined && allowed === undefined)) {
    return { event: undefined, fields: {} };
  }
  const kept = Object.entries((fields ?? {}) as Record<string, unknown>).filter(([name, value]) =>
    allowed === undefined
      ? typeof value === 'boolean' || typeof value === 'number' || textOf(value) !== undefined
      : allowed[name]?.includes(value) === true,
  );
  const named = kept.map(([name, value]) => [name, textOf(value) ?? String(value)]);
  return { event, fields: Object.fromEntries(named) as Record<string, string> };
}
