import type { FieldValue, Report } from '../wire/report.js';
import type { Facts } from './facts.js';

/**
 * A report as it waits in the outbox: everything but the ID, which is only resolved when the
 * report is about to be sent, so that the program never pays for it. One that came from the
 * environment is known at once and stays with the report.
 */
export interface Draft {
  readonly report_id: string;
  readonly timestamp: string;
  readonly project: string;
  readonly event: string;
  readonly info: Facts;
  readonly fields?: Readonly<Record<string, FieldValue>>;
  readonly given_id?: string;
  /** The address that HEADCOUNT_ENDPOINT has named: no other may get it. Never sent. */
  readonly endpoint?: string;
}

/** Who a report is from. */
export interface Identity {
  readonly anonymous_id: string;
  readonly id_source: Report['info']['id_source'];
  readonly id_persisted: boolean;
}

/** The report itself: what is sent, and nothing else is. */
export function completeReport(draft: Draft, identity: Identity, lostTotal: number): Report {
  const { os, os_version, arch, version, runtime, runtime_version, ...rest } = draft.info;
  const { ci, container, wsl, agent } = rest;
  return {
    report_id: draft.report_id,
    anonymous_id: identity.anonymous_id,
    timestamp: draft.timestamp,
    project: draft.project,
    event: draft.event,
    lost_total: lostTotal,
    info: {
      os,
      os_version,
      arch,
      version,
      runtime,
      runtime_version,
      id_source: identity.id_source,
      id_persisted: identity.id_persisted,
      ci,
      container,
      wsl,
      agent,
    },
    ...(draft.fields && { fields: draft.fields }),
  };
}
