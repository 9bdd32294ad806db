import { parseArgs } from 'node:util';
import { readAddress } from './address-file.js';
import { ConfigError, OPTIONS } from './config.js';
import { isRecord } from './is-record.js';
import { toPrintable } from './to-printable.js';

/** The counts cannot be shown. The message says what to do next. */
export class StatsError extends Error {
  override readonly name = 'StatsError';
}

export interface StatsOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly print: (text: string) => void;
}

const COUNTS = [
  'total_users',
  'daily_active_users',
  'weekly_active_users',
  'monthly_active_users',
  'ci_users',
  'total_reports',
] as const;

type Counts = Readonly<Record<(typeof COUNTS)[number], number>>;

/** The counts of a project, as the collector gives them. */
interface Totals extends Counts {
  readonly project: string;
  readonly last_seen: string | null;
}

const ANSWER_WITHIN_MS = 10_000;

const COLUMNS: readonly (readonly [title: string, toText: (totals: Totals) => string])[] = [
  ['project', ({ project }) => toPrintable(project)],
  ['people', ({ total_users: n }) => String(n)],
  ['today', ({ daily_active_users: n }) => String(n)],
  ['7 days', ({ weekly_active_users: n }) => String(n)],
  ['28 days', ({ monthly_active_users: n }) => String(n)],
  ['CI', ({ ci_users: n }) => String(n)],
  ['reports', ({ total_reports: n }) => String(n)],
  ['last seen (UTC)', ({ last_seen: at }) => at?.slice(0, 16).replace('T', ' ') ?? 'never'],
];

/**
 * Prints the counts of a running collector: of the one named with `--url`, else of the one that
 * has left its address on this machine, else of the one at the default address.
 *
 * @param argv - The arguments after the command, such as `['--json']`.
 * @throws {@link ConfigError} for arguments that cannot be used, else {@link StatsError}.
 */
export async function showStats(
  argv: readonly string[],
  { env, print }: StatsOptions,
): Promise<void> {
  const { url: given, project: names, json = false } = readArguments(argv);
  const url = given ?? readAddress()?.url ?? DEFAULT_URL;
  const ask: Ask = (path, isExpected) =>
    askCollector({ url, path, token: env[OPTIONS.adminToken.variable] }, isExpected);
  const rows = names === undefined ? await askAll(ask) : await askEach(names, ask);
  if (json) print(`${JSON.stringify({ url, projects: rows })}\n`);
  else if (rows.length === 0) print(`The collector at ${url} has counted no report yet.\n`);
  else print(toTable(rows));
}

const DEFAULT_URL = `http://${OPTIONS.host.fallback}:${OPTIONS.port.fallback}`;

interface Arguments {
  readonly url?: string;
  readonly project?: readonly string[];
  readonly json?: boolean;
}

function readArguments(argv: readonly string[]): Arguments {
  let values;
  try {
    ({ values } = parseArgs({
      args: [...argv],
      options: {
        url: { type: 'string' },
        project: { type: 'string', multiple: true },
        json: { type: 'boolean' },
      },
      strict: true,
    }));
  } catch (error) {
    throw new ConfigError(error instanceof Error ? error.message : String(error), { cause: error });
  }
  if (values.url === undefined) return values;
  const url = URL.canParse(values.url) ? new URL(values.url) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new ConfigError(`--url must be an http or https URL; given: "${values.url}".`);
  }
  return { ...values, url: `${url.origin}${url.pathname}`.replace(/\/+$/, '') };
}

/** Gives the body of an answer, if `isExpected` knows it. */
type Ask = <Body>(path: string, isExpected: (body: unknown) => body is Body) => Promise<Body>;

async function askAll(ask: Ask): Promise<readonly Totals[]> {
  return (await ask('/v1/stats/projects', isProjectTotals)).rows;
}

async function askEach(names: readonly string[], ask: Ask): Promise<readonly Totals[]> {
  const rows: Totals[] = [];
  for (const project of names) {
    const query = `?project=${encodeURIComponent(project)}`;
    const counts = await ask(`/v1/stats/summary${query}`, isCounts);
    const { users } = await ask(`/v1/stats/recent${query}`, isRecent);
    const [newest] = users;
    const last_seen = isRecord(newest) ? String(newest['last_seen']) : null;
    const named = COUNTS.map((name) => [name, counts[name]] as const);
    // `fromEntries` cannot tell that every name is there.
    rows.push({ project, ...(Object.fromEntries(named) as Counts), last_seen });
  }
  return rows;
}

const isCounts = (body: unknown): body is Counts =>
  isRecord(body) && COUNTS.every((name) => typeof body[name] === 'number');

const isTotals = (row: unknown): row is Totals =>
  isCounts(row) &&
  'project' in row &&
  typeof row.project === 'string' &&
  'last_seen' in row &&
  (row.last_seen === null || typeof row.last_seen === 'string');

const isProjectTotals = (body: unknown): body is { readonly rows: readonly Totals[] } =>
  isRecord(body) && Array.isArray(body['rows']) && body['rows'].every(isTotals);

const isRecent = (body: unknown): body is { readonly users: readonly unknown[] } =>
  isRecord(body) && Array.isArray(body['users']);

interface Question {
  readonly url: string;
  readonly path: string;
  /** The administrator's; sent only to a collector that asks for it. */
  readonly token: string | undefined;
}

async function askCollector<Body>(
  { url, path, token }: Question,
  isExpected: (body: unknown) => body is Body,
): Promise<Body> {
  const first = await request(url + path);
  const isRefused = first.status === 401 && first.body?.['code'] === 'not_admin';
  const { status, body } = isRefused && token ? await request(url + path, token) : first;
  if (status === 200 && isExpected(body)) return body;
  throw new StatsError(explain(url, status, body));
}

interface Answer {
  readonly status: number;
  /** `undefined` if it is no JSON object. */
  readonly body: Readonly<Record<string, unknown>> | undefined;
}

async function request(url: string, token?: string): Promise<Answer> {
  const headers = {
    accept: 'application/json',
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
  };
  let text: string;
  let status: number;
  try {
    const signal = AbortSignal.timeout(ANSWER_WITHIN_MS);
    const response = await fetch(url, { headers, signal, redirect: 'manual' });
    status = response.status;
    text = await response.text();
  } catch (error) {
    throw new StatsError(explainFailure(new URL(url).origin, error), { cause: error });
  }
  try {
    const body: unknown = JSON.parse(text);
    return { status, body: isRecord(body) ? body : undefined };
  } catch {
    return { status, body: undefined }; // what is no JSON comes from something else
  }
}

function explainFailure(origin: string, error: unknown): string {
  if (error instanceof Error && error.name === 'TimeoutError') {
    return `${origin} has not answered within ${ANSWER_WITHIN_MS / 1000} seconds.`;
  }
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  const code = isRecord(cause) && typeof cause['code'] === 'string' ? ` (${cause['code']})` : '';
  return (
    `No collector answers at ${origin}${code}. Start one with: npx headcount-collector serve. ` +
    'If it runs elsewhere, name it with --url.'
  );
}

function explain(url: string, status: number, body: Answer['body']): string {
  const code = body?.['code'];
  if (code === 'not_admin') {
    return (
      'The list of projects is for the administrator. Set HEADCOUNT_ADMIN_TOKEN to the ' +
      'collector’s token, or name a project with --project.'
    );
  }
  if (code === 'admin_off') {
    return (
      `${url} lists its projects to its own machine only, or to an administrator. ` +
      'Name a project with --project.'
    );
  }
  if (typeof body?.['type'] === 'string' && body['type'].startsWith('urn:headcount:problem:')) {
    const { title, detail } = body;
    return `${url} answered ${status}: ${toPrintable(`${String(title)}. ${String(detail)}`)}`;
  }
  return (
    `What answers at ${url} is no Headcount collector, or an older one (status ${status}). ` +
    'Name the collector with --url.'
  );
}

function toTable(rows: readonly Totals[]): string {
  const lines = [
    COLUMNS.map(([title]) => title),
    ...rows.map((row) => COLUMNS.map(([, toText]) => toText(row))),
  ];
  const widths = COLUMNS.map((_, at) => Math.max(...lines.map((line) => line[at]?.length ?? 0)));
  const pad = (text: string, at: number): string =>
    at === 0 ? text.padEnd(widths[at] ?? 0) : text.padStart(widths[at] ?? 0);
  return lines.map((line) => `${line.map(pad).join('  ')}\n`).join('');
}
