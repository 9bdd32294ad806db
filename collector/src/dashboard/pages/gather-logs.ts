import type { Static } from 'typebox';
import {
  LOG_LEVELS,
  LOG_WINDOWS,
  type LogCounts,
  type LogFilter,
  type LogLine,
  type LogWindow,
  type SystemLogs,
} from '../../../web/page/system-logs.js';
import type {
  logCountsSchema,
  logLineSchema,
  logPageSchema,
} from '../../log-routes/log-schemas.js';
import type { Answer } from '../ask-as-caller.js';
import type { Asked } from '../gather.js';
import { unlessRead } from './unless-read.js';

const MINUTE_MS = 60_000;

/** How long a window is, and each bar of its chart. */
const WINDOWS: Readonly<Record<LogWindow, { ms: number; barMs: number; interval: string }>> = {
  '15m': { ms: 15 * MINUTE_MS, barMs: MINUTE_MS, interval: '1m' },
  '1h': { ms: 60 * MINUTE_MS, barMs: MINUTE_MS, interval: '1m' },
  '6h': { ms: 360 * MINUTE_MS, barMs: 10 * MINUTE_MS, interval: '10m' },
  '24h': { ms: 1440 * MINUTE_MS, barMs: 60 * MINUTE_MS, interval: '1h' },
  '7d': { ms: 10_080 * MINUTE_MS, barMs: 1440 * MINUTE_MS, interval: '1d' },
};

const LINES = 100;

/** Lines of the log, by the page's filters. */
export async function gatherLogs({
  ask,
  query,
  now,
}: Asked): Promise<SystemLogs | null | 'unread'> {
  const filter = readFilter(query);
  const { ms, barMs, interval } = WINDOWS[filter.window];
  const nowMs = Date.parse(now);
  const span = { from: new Date(nowMs - ms).toISOString(), to: now };
  const { level } = filter;
  const all = { ...span, interval, level };
  const everything = await ask('/v1/logs/counts', all);
  const counts =
    filter.source === null
      ? everything
      : await ask('/v1/logs/counts', { ...all, source: filter.source });
  const askPage = async (cursor: string | undefined): Promise<Answer> =>
    ask('/v1/logs', {
      ...{ ...span, level, cursor, limit: String(LINES) },
      source: filter.source ?? undefined,
      text: filter.text ?? undefined,
    });
  let page = await askPage(filter.cursor ?? undefined);
  // Somebody has mistyped the link: the newest lines are shown all the same.
  if (!page.ok && page.code === 'bad_parameter' && filter.cursor !== null) {
    page = await askPage(undefined);
  }
  const none = { filter, sources: [], lines: [], next: null, isTruncated: false, counts: null };
  const refused = [everything, counts, page].find((one) => !one.ok);
  if (refused !== undefined) {
    const problem = PROBLEMS[refused.code];
    return problem === undefined ? unlessRead(refused) : { ...none, problem };
  }
  // The routes' schemas say so, and their answers are of this process.
  const { logs, next, truncated } = page.body as Static<typeof logPageSchema>;
  const counted = counts.body as Static<typeof logCountsSchema>;
  const { sources } = everything.body as Static<typeof logCountsSchema>;
  return {
    filter,
    sources: Object.keys(sources)
      .filter((source) => source !== '')
      .sort(),
    lines: logs.map(toLine),
    next,
    isTruncated: truncated,
    counts: toCounts(counted, nowMs - ms, nowMs, barMs),
    problem: null,
  };
}

const PROBLEMS: Readonly<Record<string, SystemLogs['problem']>> = {
  no_log_files: 'no-files',
  busy: 'busy',
};

/** What cannot be read is the default: a mistyped link shows lines all the same. */
function readFilter(query: Readonly<Record<string, string>>): LogFilter {
  const given = (name: string, longest: number): string | null => {
    const text = (query[name] ?? '').trim();
    return text === '' ? null : text.slice(0, longest);
  };
  return {
    level: LOG_LEVELS.find((one) => one === query['level']) ?? 'info',
    source: given('source', 100),
    window: LOG_WINDOWS.find((one) => one === query['window']) ?? '6h',
    text: given('text', 200),
    cursor: given('cursor', 400),
  };
}

const toLine = ({
  time,
  level,
  source,
  message,
  details,
}: Static<typeof logLineSchema>): LogLine => ({
  ...{ time, level, source, message, details },
});

/** Windows without a line are in no answer, and are bars of none. */
function toCounts(
  { levels, windows, truncated }: Static<typeof logCountsSchema>,
  fromMs: number,
  toMs: number,
  barMs: number,
): LogCounts {
  const byStart = new Map(windows.map((one) => [Date.parse(one.start), one.levels]));
  const bars = [];
  for (let at = Math.floor(fromMs / barMs) * barMs; at < toMs; at += barMs) {
    bars.push({ start: new Date(at).toISOString(), levels: byStart.get(at) ?? {} });
  }
  return { levels, bars, isTruncated: truncated };
}
