import type { FieldValue, Report } from '../wire/report.js';
import type { Facts } from './facts.js';

/**
 * A report in the outbox. It has no ID yet: the sender finds the ID, so that the program does not
 * pay for it. An ID from the environment is known at once, and is part of the draft.
 */
export interface Draft {
  readonly report_id: string;
  readonly timestamp: string;
  readonly project: string;
  readonly event: string;
  readonly info: Facts;
  readonly fields?: Readonly<Record<string, FieldValue>>;
  readonly given_id?: string;
  /** The address from HEADCOUNT_ENDPOINT. The report goes to no other. Not part of the report. */
  readonly endpoint?: string;
}

/** The ID of a report, and where it comes from. */
export interface Identity {
  readonly anonymous_id: string;
  readonly id_source: Report['info']['id_source'];
  readonly id_persisted: boolean;
  /** The hash of the proof for the collector that the report is for. */
  readonly owner?: string;
}

/** Makes the report that is sent. Nothing else of a draft is sent. */
export function completeReport(draft: Draft, identity: Identity, lostTotal: number): Report {
  const { os, os_version, arch, version, runtime, runtime_version, ...rest } = draft.info;
  const { ci, container, wsl, agent } = rest;
  return {
    report_id: draft.report_id,
    anonymous_id: identity.anonymous_id,
    ...(identity.owner !== undefined && { owner: identity.owner }),
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
