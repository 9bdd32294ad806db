import type { IdSource } from 'headcount/wire';

/** Something a report had that was put right on its way in. Each is counted, per project and day. */
export type Mark = 'unknown_fields' | 'values_cut' | 'timestamps_unreadable';

/**
 * One checked report as it waits on disk to be counted. It carries neither the ID as it was sent
 * nor an address.
 */
export interface JournalEntry {
  /** When the collector received it, in milliseconds since 1970. */
  readonly receivedAt: number;
  /** The client's instant, in milliseconds since 1970; `null` if it gave none that can be read. */
  readonly at: number | null;
  /** The client's clock when it sent the report, in milliseconds since 1970, if it said so. */
  readonly sentAt: number | null;
  readonly project: string;
  /** The user's keyed hash: 16 bytes. */
  readonly uid: Buffer;
  /** The key of deduplication, 16 bytes; `null` for reports of the first generation. */
  readonly reportKey: Buffer | null;
  readonly os: string;
  readonly version: string;
  /** Whether a build farm sent it, not a person. */
  readonly ci: boolean;
  readonly idSource: IdSource | null;
  readonly idPersisted: boolean | null;
  readonly marks: readonly Mark[];
}

/** The format of a journal row; a later release that changes it must still read this one. */
const FORMAT = 1;

interface Encoded extends Omit<JournalEntry, 'uid' | 'reportKey'> {
  readonly format: number;
  readonly uid: string;
  readonly reportKey: string | null;
}

/** One line of JSON. */
export function encodeEntry(entry: JournalEntry): string {
  const encoded: Encoded = {
    ...entry,
    format: FORMAT,
    uid: entry.uid.toString('base64'),
    reportKey: entry.reportKey?.toString('base64') ?? null,
  };
  return JSON.stringify(encoded);
}

/**
 * Reads what {@link encodeEntry} wrote.
 *
 * @throws If a newer release wrote it: the row must stay until that release is back.
 */
export function decodeEntry(body: string): JournalEntry {
  const { format, uid, reportKey, ...rest } = JSON.parse(body) as Encoded;
  if (format !== FORMAT) {
    throw new Error(`The journal holds rows of format ${format}; this release reads ${FORMAT}.`);
  }
  return {
    ...rest,
    uid: Buffer.from(uid, 'base64'),
    reportKey: reportKey === null ? null : Buffer.from(reportKey, 'base64'),
  };
}
