import { CHANNELS, type FieldValue, type Level, type Report } from '../wire/report.js';
import type { Facts } from './facts.js';

/**
 * A report in the outbox. The sender adds all that would cost the program time: the anonymous ID,
 * unless the environment gives it, the random part of `report_id`, and the time as text.
 */
export interface Draft {
  /** When the event happened, in milliseconds since the epoch; 0 if the clock made no sense. */
  readonly at_ms: number;
  /** Absent until a sender has claimed it. */
  readonly report_id?: string;
  readonly project: string;
  readonly event: string;
  readonly info: Facts;
  readonly fields?: Readonly<Record<string, FieldValue>>;
  readonly given_id?: string;
  /** Absent if the user lets everything be reported that is declared. */
  readonly level?: 'basic';
  /**
   * The address that the report goes to, and no other; absent if none was named: a collector on
   * this machine gets it. Not part of the report.
   */
  readonly endpoint?: DraftEndpoint;
}

/** The address of a draft. */
export interface DraftEndpoint {
  readonly url: string;
  /** It came from HEADCOUNT_ENDPOINT. */
  readonly fromEnvironment?: true;
}

/** A draft that a sender has claimed: from now on, it is the same report in each attempt. */
export interface NumberedDraft extends Draft {
  /** A UUIDv7: the time of the event, then random bits of the sender's system. */
  readonly report_id: string;
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
export function completeReport(
  draft: NumberedDraft,
  identity: Identity,
  lostTotal: number,
): Report {
  const { os, os_version, arch, version, runtime, runtime_version, ...rest } = draft.info;
  const { ci, container, wsl, agent, channel } = rest;
  const level: Level = draft.level === 'basic' ? 'basic' : 'full';
  return {
    report_id: draft.report_id,
    anonymous_id: identity.anonymous_id,
    ...(identity.owner !== undefined && { owner: identity.owner }),
    timestamp: new Date(draft.at_ms).toISOString(),
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
      // The host may have recorded an option that nothing has checked.
      channel: CHANNELS.find((known) => known === channel) ?? null,
      level,
    },
    ...(draft.fields && { fields: draft.fields }),
  };
}
