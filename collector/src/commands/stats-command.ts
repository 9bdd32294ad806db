import { parseArgs } from 'node:util';
import { type Ask, askMorning } from '../morning/ask-morning.js';
import { AskError, createAsk } from './ask-collector.js';
import { ConfigError } from '../config.js';
import { errorMessage } from '../error-message.js';
import { findCollector } from './find-collector.js';
import { isRecord } from '../is-record.js';
import { toPrintable } from '../to-printable.js';
import { type Counts, COUNTS, type Shown, statsText, type Totals } from './stats-text.js';

export interface StatsOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly print: (text: string) => void;
  /** Says on a terminal what is waited for; an empty line ends it. */
  readonly tell: (line: string) => void;
}

/**
 * Prints the counts of a running collector, how they changed, and what should be looked at: of the
 * collector named with `--url`, else of the one that has left its address on this machine, else of
 * the one at the default address.
 *
 * @param argv - The arguments after the command, such as `['--json']`.
 * @throws {@link ConfigError} for arguments that cannot be used, else `AskError`.
 */
export async function showStats(
  argv: readonly string[],
  { env, print, tell }: StatsOptions,
): Promise<void> {
  const { url: given, project: names, json = false, data } = readArguments(argv);
  const { url, token, fingerprint } = findCollector({ url: given, data, env });
  const otherwise = names === undefined ? 'name a project with --project' : undefined;
  const ask = createAsk({ url, token, fingerprint, otherwise });
  tell(`Asking ${url} …`);
  const shown: Shown[] = [];
  try {
    const rows = names === undefined ? await askAll(ask) : await askEach(names, url, ask);
    for (const totals of rows) {
      tell(`Asking about ${toPrintable(totals.project)} (${shown.length + 1} of ${rows.length}) …`);
      shown.push({ ...totals, morning: (await askMorning(totals.project, ask)) ?? null });
    }
  } finally {
    tell('');
  }
  if (json) print(`${JSON.stringify({ url, projects: shown })}\n`);
  else if (shown.length === 0) print(`The collector at ${url} has counted no report yet.\n`);
  else print(statsText(shown));
}

interface Arguments {
  readonly url?: string;
  readonly project?: readonly string[];
  readonly json?: boolean;
  readonly data?: string;
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
        data: { type: 'string' },
      },
      strict: true,
    }));
  } catch (error) {
    throw new ConfigError(errorMessage(error), { cause: error });
  }
  if (values.url === undefined) return values;
  const url = URL.canParse(values.url) ? new URL(values.url) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new ConfigError(`--url must be an http or https URL; given: "${values.url}".`);
  }
  return { ...values, url: `${url.origin}${url.pathname}`.replace(/\/+$/, '') };
}

async function askAll(ask: Ask): Promise<readonly Totals[]> {
  return (await ask('/v1/stats/projects', isProjectTotals)).rows;
}

async function askEach(
  names: readonly string[],
  url: string,
  ask: Ask,
): Promise<readonly Totals[]> {
  const rows: Totals[] = [];
  for (const project of names) {
    const query = `?project=${encodeURIComponent(project)}`;
    const counts = await ask(`/v1/stats/summary${query}`, isCounts);
    if (COUNTS.every((name) => counts[name] === 0)) throw unknownProject(project, url);
    const named = COUNTS.map((name) => [name, counts[name]] as const);
    // `fromEntries` cannot tell that every name is there.
    rows.push({
      project,
      ...(Object.fromEntries(named) as Counts),
      ...(Array.isArray(counts.unusual) && { unusual: counts.unusual.length > 0 }),
      ...(await askLastSeen(query, ask)),
    });
  }
  return rows;
}

/** Of a project that does not exist, the public is told zeros, as of one without a report. */
const unknownProject = (project: string, url: string): AskError =>
  new AskError(
    `There is no project "${toPrintable(project)}" with counts at ${url}. Without --project, ` +
      'headcount-collector stats lists the projects.',
  );

/** When somebody was last seen, which the public does not see. */
async function askLastSeen(query: string, ask: Ask): Promise<Pick<Totals, 'last_seen'>> {
  try {
    const { users } = await ask(`/v1/stats/recent${query}`, isRecent);
    const [newest] = users;
    return { last_seen: isRecord(newest) ? String(newest['last_seen']) : null };
  } catch (error) {
    if (error instanceof AskError && error.code === 'token_required') return {};
    throw error;
  }
}

const isCounts = (body: unknown): body is Counts & { readonly unusual?: unknown } =>
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
