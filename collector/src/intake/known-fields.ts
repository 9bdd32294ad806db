import type { IdSource, Report, ReportInfo } from 'headcount/wire';

/** The fields of a report that this release knows. */
export const REPORT_FIELDS = new Set(
  Object.keys({
    report_id: true,
    anonymous_id: true,
    timestamp: true,
    project: true,
    event: true,
    lost_total: true,
    info: true,
    fields: true,
  } satisfies Record<keyof Report, true>),
);

/** The facts in `info` that this release knows. */
export const INFO_FIELDS = new Set(
  Object.keys({
    os: true,
    os_version: true,
    arch: true,
    version: true,
    runtime: true,
    runtime_version: true,
    id_source: true,
    id_persisted: true,
    ci: true,
    container: true,
    wsl: true,
    agent: true,
  } satisfies Record<keyof ReportInfo, true>),
);

const ID_SOURCES = new Set<unknown>(
  Object.keys({ machine: true, time: true, copied: true, given: true, ci: true } satisfies Record<
    IdSource,
    true
  >),
);

/** Whether a value is one of the ways in which an ID is made. */
export function isIdSource(value: unknown): value is IdSource {
  return ID_SOURCES.has(value);
}
