import type { Static } from 'typebox';
import {
  type PerformanceRow,
  SYSTEM_SPANS,
  type SystemContent,
  type SystemSpan,
} from '../../../web/page/system-content.js';
import { DAY_MS } from '../../rules/day.js';
import type { performanceSchema } from '../../stats/performance-answer.js';
import { type Asked, type Gather, HIDDEN, RefusedError } from '../gather.js';
import { type MetricSamples, readMetrics } from '../read-metrics.js';
import { gatherLogs } from './gather-logs.js';
import { askHealth, backupOf, machineOf, toHealth } from './system-health.js';
import { filesOf, jobsOf } from './system-metrics.js';

const HOUR_MS = DAY_MS / 24;

/** How long a span is, and each row of it. */
const SPANS: Readonly<Record<SystemSpan, { readonly ms: number; readonly interval: string }>> = {
  '1h': { ms: HOUR_MS, interval: '1m' },
  '24h': { ms: DAY_MS, interval: '15m' },
  '7d': { ms: 7 * DAY_MS, interval: '1h' },
  '90d': { ms: 90 * DAY_MS, interval: '1d' },
};

/** How the collector itself goes: of the whole of it, so that a token of one project sees little. */
export const gatherSystem: Gather = async (asked): Promise<SystemContent> => {
  const span = SYSTEM_SPANS.find((one) => one === asked.query['span']) ?? '24h';
  const health = await askHealth(asked.ask);
  const metrics = await askMetrics(asked);
  return {
    page: 'system',
    span,
    timezone: asked.timezone,
    health: toHealth(health),
    machine: machineOf(health, metrics),
    jobs: metrics === null ? null : jobsOf(metrics),
    backup: backupOf(health),
    files: metrics === null ? null : filesOf(metrics),
    performance: await askPerformance(asked, span),
    logs: await gatherLogs(asked),
  };
};

async function askMetrics({ ask }: Asked): Promise<MetricSamples | null> {
  const answer = await ask('/metrics');
  if (answer.ok) return readMetrics(String(answer.body));
  if (HIDDEN.includes(answer.code)) return null;
  throw new RefusedError(answer);
}

async function askPerformance(
  { ask, now }: Asked,
  span: SystemSpan,
): Promise<readonly PerformanceRow[] | null> {
  const { ms, interval } = SPANS[span];
  const from = new Date(Date.parse(now) - ms).toISOString();
  const answer = await ask('/v1/performance', { from, to: now, interval });
  if (!answer.ok) {
    if (HIDDEN.includes(answer.code)) return null;
    throw new RefusedError(answer);
  }
  // The route's schema says so, and its answers are of this process.
  const { rows } = answer.body as Static<typeof performanceSchema>;
  return rows.map((row) => ({
    start: row.start,
    isCovered: row.covered_seconds > 0,
    requestsPerSecond: row.requests_per_second,
    reportsPerSecond: row.reports_per_second,
    errors: row.errors,
    p50Ms: row.latency_p50_ms,
    p99Ms: row.latency_p99_ms,
    cpuPercent: row.cpu_percent,
    cpuMaxPercent: row.cpu_max_percent,
    memoryBytes: row.memory_max_bytes,
  }));
}
