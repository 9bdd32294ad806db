import type { ReportEntry } from '../journal/journal-entry.js';
import type { CountedReport, QualityKind } from './counted-report.js';
import { dayOf, DEFAULT_ZONE } from './day.js';
import { resolveInstant } from './instant.js';

/** Settles the moment and the day of a journal entry. */
export function countReport(entry: ReportEntry): CountedReport {
  const { at, madeAt, clamped } = resolveInstant(entry);
  const day = dayOf(at, entry.zone);
  const isLate = day < dayOf(entry.receivedAt, entry.zone);
  const marks: QualityKind[] = [
    ...entry.marks,
    ...(clamped ? (['timestamps_clamped'] as const) : []),
    ...(isLate ? (['late'] as const) : []),
  ];
  return {
    project: entry.project,
    uid: entry.uid,
    reportKey: entry.reportKey,
    at,
    madeAt,
    day,
    receivedDay: dayOf(entry.receivedAt, DEFAULT_ZONE),
    os: entry.os,
    version: entry.version,
    facts: entry.facts,
    event: entry.event,
    fields: entry.fields,
    lostTotal: entry.lostTotal,
    ci: entry.ci,
    idSource: entry.idSource,
    idPersisted: entry.idPersisted,
    marks,
  };
}
