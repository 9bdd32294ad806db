import type { ManifestEvents } from 'headcount/wire';
import type { RefusedNew, ReportClaim } from '../access/report-limits.js';
import type { ReportEntry } from '../journal/journal-entry.js';
import type { Rejection } from './check-report.js';
import type { NewIds } from './new-ids.js';
import type { NewValues } from './new-values.js';

export interface WithinLimitsParts {
  readonly newIds: NewIds;
  readonly newValues: NewValues;
}

/** The reports of a request, and what it may take. */
export interface LimitedRequest {
  readonly entries: readonly ReportEntry[];
  readonly claim: ReportClaim | undefined;
  /** Projects that exist only since this request. */
  readonly created: ReadonlySet<string>;
  readonly eventsOf: (project: string) => ManifestEvents | undefined;
}

/** The reports that limits allow, as they are to be counted, and why others are refused. */
export interface Limited {
  readonly entries: readonly ReportEntry[];
  readonly refused: ReadonlyMap<ReportEntry, Rejection>;
}

/**
 * Creates the check of limits. What is new beyond a limit is refused report by report, so that
 * nobody who is known waits for it; limits of reports and bytes refuse the request.
 *
 * @returns A function that throws what {@link ReportClaim.take} throws.
 */
export function createWithinLimits({
  newIds,
  newValues,
}: WithinLimitsParts): (request: LimitedRequest) => Promise<Limited> {
  return async ({ entries, claim, created, eventsOf }) => {
    const client = claim?.client;
    if (claim === undefined || client === undefined) {
      claim?.take(countReports(entries));
      return { entries, refused: new Map() };
    }
    const fresh = await newIds.find(entries);
    await newValues.prepare(entries);
    const refused = new Map<ReportEntry, Rejection>();
    for (const project of new Set(entries.map((entry) => entry.project))) {
      const ids = fresh.get(project);
      const isNew = created.has(project);
      if (!isNew && ids === undefined) continue;
      const refusal = claim.takeNew(project, { isNew, newIds: ids?.cost ?? 0 });
      if (refusal === undefined) continue;
      for (const entry of entries) {
        if (entry.project !== project) continue;
        if (refusal.what === 'project' || ids?.has(entry) === true) {
          refused.set(entry, toRejection(refusal));
        }
      }
    }
    const kept = refused.size === 0 ? entries : entries.filter((entry) => !refused.has(entry));
    claim.take(countReports(kept));
    newIds.add(kept);
    return {
      entries: kept.map((entry) => newValues.limit(entry, client, eventsOf(entry.project))),
      refused,
    };
  };
}

const toRejection = ({ what, detail }: RefusedNew): Rejection => ({
  code: 'rate_limited',
  path: what === 'project' ? '/project' : '/anonymous_id',
  detail,
  retry: true,
});

/** The number of reports of each project. */
export function countReports(
  entries: readonly Pick<ReportEntry, 'project'>[],
): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { project } of entries) counts.set(project, (counts.get(project) ?? 0) + 1);
  return counts;
}
