import type { Static } from 'typebox';
import {
  type PerformanceRow,
  SYSTEM_SPANS,
  type SystemContent,
  type SystemSpan,
  UNREAD_PARTS,
} from '../../../web/page/system-content.js';
import { DAY_MS } from '../../rules/day.js';
import type { performanceSchema } from '../../stats/performance-answer.js';
import type { Asked, Gather } from '../gather.js';
import { type MetricSamples, readMetrics } from '../read-metrics.js';
import { gatherLogs } from './gather-logs.js';
import { unlessRead } from './unless-read.js';
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
  const performance = await askPerformance(asked, span);
  const logs = await gatherLogs(asked);
  const parts = { figures: metrics, performance, logs };
  return {
    page: 'system',
    span,
    timezone: asked.timezone,
    health: toHealth(health),
    machine: machineOf(health, isRead(metrics) ? metrics : new Map()),
    jobs: isRead(metrics) ? jobsOf(metrics) : null,
    backup: backupOf(health),
    files: isRead(metrics) ? filesOf(metrics) : null,
    performance: isRead(performance) ? performance : null,
    logs: isRead(logs) ? logs : null,
    unread: UNREAD_PARTS.filter((name) => parts[name] === 'unread'),
  };
};

const isRead = <Part>(part: Part | null | 'unread'): part is Part =>
  part !== null && part !== 'unread';

async function askMetrics({ ask }: Asked): Promise<MetricSamples | null | 'unread'> {
  const answer = await ask('/metrics');
  return answer.ok ? readMetrics(String(answer.body)) : unlessRead(answer);
}

async function askPerformance(
  { ask, now }: Asked,
  span: SystemSpan,
): Promise<readonly PerformanceRow[] | null | 'unread'> {
  const { ms, interval } = SPANS[span];
  const from = new Date(Date.parse(now) - ms).toISOString();
  const answer = await ask('/v1/performance', { from, to: now, interval });
  if (!answer.ok) return unlessRead(answer);
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
