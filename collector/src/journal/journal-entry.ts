import type { CleaningStep } from '../rules/cleaning.js';
import type { Mark, ReportContent } from '../rules/counted-report.js';
import { DEFAULT_ZONE } from '../rules/day.js';

/**
 * One checked report on disk, to be counted. It contains no address, and neither the ID nor the owner
 * as they were sent.
 */
export interface ReportEntry extends ReportContent {
  readonly kind: 'report';
  /** When the collector received it, in milliseconds since 1970. */
  readonly receivedAt: number;
  /** The client's instant, in milliseconds since 1970; `null` if it is missing or unreadable. */
  readonly at: number | null;
  /** The client's clock at the moment of sending, in milliseconds since 1970; `null` if unknown. */
  readonly sentAt: number | null;
  /**
   * When the newest report of its batch was made by the client's clock, in milliseconds since 1970;
   * `null` if that tells nothing.
   */
  readonly newestAt: number | null;
  /** The time zone that decides its day. */
  readonly zone: string;
  readonly marks: readonly Mark[];
}

/** A user's deletion, in its place among the reports. */
export interface DeletionEntry {
  readonly kind: 'deletion';
  /** When the collector received it, in milliseconds since 1970. */
  readonly receivedAt: number;
  readonly project: string;
  /** The user's keyed hash: 16 bytes. */
  readonly uid: Buffer;
  /** The keyed hash of the owner who asked for it; `null` if the administrator did. */
  readonly ownerHash: Buffer | null;
}

/** How many reports were rejected with one code. */
export interface RefusalCount {
  /** The day by UTC, numbered since 1970. */
  readonly day: number;
  /** `null` if it is unknown or does not exist. */
  readonly project: string | null;
  /** The problem's code. */
  readonly code: string;
  readonly n: number;
}

/** Counts of rejected reports. Nothing else is kept of them. */
export interface RefusalsEntry {
  readonly kind: 'refusals';
  readonly counts: readonly RefusalCount[];
}

/** A step of cleaning, in its place among the reports. */
export interface CleaningEntry {
  readonly kind: 'cleaning';
  readonly step: CleaningStep;
}

/** A row of the journal. Rows are in the order of acknowledgement. */
export type JournalEntry = ReportEntry | DeletionEntry | RefusalsEntry | CleaningEntry;

/** The format numbers of rows. A release that changes a format must still read the old one. */
const FORMATS = { report: 1, deletion: 2, refusals: 3, cleaning: 4 } as const;

interface Format {
  readonly format: number;
}

/** The code of the error about a row that a newer release wrote. */
export const UNKNOWN_FORMAT = 'UNKNOWN_FORMAT';

type Encoded<Entry> = Omit<Entry, 'kind' | 'uid' | 'ownerHash' | 'reportKey'> & {
  readonly uid: string;
  /** Missing if there is none, and in rows of releases without owners. */
  readonly owner?: string | undefined;
};

type EncodedReport = Omit<Encoded<ReportEntry>, 'zone' | 'newestAt'> & {
  readonly reportKey: string | null;
  /** Missing if it tells nothing, and in rows of earlier releases. */
  readonly newestAt?: number | undefined;
  /** Missing in rows of releases without time zones. */
  readonly zone?: string;
};

/** One line of JSON. */
export function encodeEntry(entry: JournalEntry): string {
  return JSON.stringify(encode(entry));
}

function encode(entry: JournalEntry): Format {
  switch (entry.kind) {
    case 'report':
      return encodeReport(entry);
    case 'deletion':
      return encodeDeletion(entry);
    case 'refusals':
      return encodeRefusals(entry);
    case 'cleaning':
      return encodeCleaning(entry);
  }
}

// Member by member, since it runs for every report and spreading takes twice the time.
function encodeReport(entry: ReportEntry): EncodedReport & Format {
  return {
    format: FORMATS.report,
    receivedAt: entry.receivedAt,
    at: entry.at,
    sentAt: entry.sentAt,
    newestAt: entry.newestAt ?? undefined,
    zone: entry.zone,
    project: entry.project,
    uid: entry.uid.toString('base64'),
    owner: entry.ownerHash?.toString('base64'),
    reportKey: entry.reportKey === null ? null : entry.reportKey.toString('base64'),
    os: entry.os,
    version: entry.version,
    facts: entry.facts,
    event: entry.event,
    fields: entry.fields,
    lostTotal: entry.lostTotal,
    ci: entry.ci,
    idSource: entry.idSource,
    idPersisted: entry.idPersisted,
    marks: entry.marks,
  };
}

function encodeDeletion({
  receivedAt,
  project,
  uid,
  ownerHash,
}: DeletionEntry): Encoded<DeletionEntry> & Format {
  return {
    format: FORMATS.deletion,
    receivedAt,
    project,
    uid: uid.toString('base64'),
    owner: ownerHash?.toString('base64'),
  };
}

function encodeRefusals({ counts }: RefusalsEntry): Omit<RefusalsEntry, 'kind'> & Format {
  return { format: FORMATS.refusals, counts };
}

function encodeCleaning({ step }: CleaningEntry): Omit<CleaningEntry, 'kind'> & Format {
  return { format: FORMATS.cleaning, step };
}

/**
 * Reads what {@link encodeEntry} wrote.
 *
 * @throws If a newer release wrote it. The row must stay until that release runs again.
 */
export function decodeEntry(body: string): JournalEntry {
  const row = JSON.parse(body) as Format;
  switch (row.format) {
    case FORMATS.report:
      return decodeReport(row as EncodedReport & Format);
    case FORMATS.deletion: {
      const { receivedAt, project, uid, owner } = row as Encoded<DeletionEntry> & Format;
      return {
        kind: 'deletion',
        receivedAt,
        project,
        uid: Buffer.from(uid, 'base64'),
        ownerHash: decodeOwner(owner),
      };
    }
    case FORMATS.refusals:
      return { kind: 'refusals', counts: (row as Omit<RefusalsEntry, 'kind'> & Format).counts };
    case FORMATS.cleaning:
      return { kind: 'cleaning', step: (row as Omit<CleaningEntry, 'kind'> & Format).step };
    default: {
      const known = Object.values(FORMATS).join(' and ');
      const message = `The journal holds rows of format ${String(row.format)}; this release reads ${known}.`;
      throw Object.assign(new Error(message), { code: UNKNOWN_FORMAT });
    }
  }
}

// Member by member, like `encodeReport()`.
function decodeReport(row: EncodedReport): ReportEntry {
  return {
    kind: 'report',
    receivedAt: row.receivedAt,
    at: row.at,
    sentAt: row.sentAt,
    newestAt: row.newestAt ?? null,
    zone: row.zone ?? DEFAULT_ZONE,
    project: row.project,
    uid: Buffer.from(row.uid, 'base64'),
    ownerHash: decodeOwner(row.owner),
    reportKey: row.reportKey === null ? null : Buffer.from(row.reportKey, 'base64'),
    os: row.os,
    version: row.version,
    facts: row.facts,
    event: row.event,
    fields: row.fields,
    lostTotal: row.lostTotal,
    ci: row.ci,
    idSource: row.idSource,
    idPersisted: row.idPersisted,
    marks: row.marks,
  };
}

function decodeOwner(owner: string | undefined): Buffer | null {
  return owner === undefined ? null : Buffer.from(owner, 'base64');
}
