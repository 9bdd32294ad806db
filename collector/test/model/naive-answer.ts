import { naiveAdoption } from './naive-adoption.js';
import { naiveAnnotations } from './naive-annotations.js';
import { naiveBreakdown } from './naive-breakdown.js';
import type { NaiveAsked } from './naive-asked.js';
import type { NaiveCount } from './naive-count.js';
import { naiveGrowth } from './naive-growth.js';
import { naiveOwnRecord } from './naive-own-record.js';
import { naiveQuality } from './naive-quality.js';
import { naiveRecent } from './naive-recent.js';
import { naiveRetention } from './naive-retention.js';
import { naiveSummary } from './naive-summary.js';
import { naiveTimeseries } from './naive-timeseries.js';
import { naiveSupport } from './naive-support.js';
import type { Question } from './questions.js';

const ANSWERS: Readonly<Record<string, (asked: NaiveAsked) => object>> = {
  '/v1/stats/summary': naiveSummary,
  '/stats': naiveSummary,
  // The first event; those that follow are the same, later.
  '/v1/stats/live': naiveSummary,
  '/v1/stats/recent': naiveRecent,
  '/stats/recent': naiveRecent,
  '/v1/stats/quality': naiveQuality,
  '/v1/stats/timeseries': naiveTimeseries,
  '/v1/stats/breakdown': naiveBreakdown,
  '/v1/stats/retention': naiveRetention,
  '/v1/stats/adoption': naiveAdoption,
  '/v1/stats/growth': naiveGrowth,
  '/v1/stats/support': naiveSupport,
  '/v1/stats/annotations': naiveAnnotations,
};

/** The answer that the documentation promises. */
export function naiveAnswer(count: NaiveCount, { path, query }: Question, now: number): object {
  const project = query['project'] ?? null;
  const asked = { count, query, project, zone: count.zoneOf(project), now };
  const [, user] = /^\/v1\/users\/(.*)$/.exec(path) ?? [];
  if (user !== undefined) return naiveOwnRecord(asked, user);
  const answer = ANSWERS[path];
  if (answer === undefined) throw new Error(`Nobody answers ${path}.`);
  return answer(asked);
}
