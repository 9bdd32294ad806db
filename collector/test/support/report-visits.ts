import { fullReport } from './reports.js';
import type { TestCollector } from './start-collector.js';

/** What a user reports on a day, as far as a test cares. */
export interface Visit {
  readonly user: string;
  /** As `2026-11-22`, at noon by UTC, or an instant. */
  readonly at: string;
  readonly version?: string;
  readonly os?: string;
  readonly event?: string;
  readonly fields?: Record<string, string | boolean | number>;
  readonly project?: string;
  readonly source?: 'machine' | 'time' | 'copied' | 'given' | 'ci';
  readonly isKept?: boolean;
}

/** Posts reports of some users' days. */
export async function reportVisits(collector: TestCollector, visits: readonly Visit[]) {
  const reports = visits.map((visit) => {
    const report = fullReport();
    return {
      ...report,
      anonymous_id: visit.user,
      project: visit.project ?? report.project,
      timestamp: visit.at.length === 10 ? `${visit.at}T12:00:00Z` : visit.at,
      event: visit.event ?? 'startup',
      ...(visit.fields && { fields: visit.fields }),
      info: {
        ...report.info,
        os: visit.os ?? 'Linux',
        version: visit.version ?? '1.0.0',
        id_source: visit.source ?? 'machine',
        id_persisted: visit.isKept ?? true,
      },
    };
  });
  const answer = await collector.post('/v1/reports', { reports });
  if (answer.status !== 202) throw new Error(`Not taken: ${answer.text}`);
}
