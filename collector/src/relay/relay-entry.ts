import type { Report } from 'headcount/wire';

/** A report as it is kept and passed on: what a collector can read of it, and nothing else. */
export type KeptReport = Pick<Report, 'anonymous_id' | 'timestamp' | 'project'> & {
  readonly report_id: string;
  readonly info: Readonly<Record<string, unknown>>;
} & Readonly<Partial<Record<'owner' | 'event' | 'lost_total' | 'fields', unknown>>>;

/** One report that waits to be passed on. It has no address, not even as a hash. */
export interface RelayEntry {
  /** When the relay received it, by its own clock, in milliseconds since 1970. */
  readonly receivedAt: number;
  /** The client's clock when it sent the batch, as it wrote it; missing if it did not. */
  readonly sentAt?: string | undefined;
  /** When the newest report of its batch was made; `null` if that tells nothing. */
  readonly newestAt: number | null;
  /** The write key that it came with. */
  readonly key?: string | undefined;
  /** By which relays it came, if by any. */
  readonly relayedBy?: readonly string[] | undefined;
  readonly report: KeptReport;
}

/** The format of rows. A release that changes it must still read the old one. */
const FORMAT = 1;

/** One line of JSON. */
export const encodeRelayEntry = (entry: RelayEntry): string =>
  JSON.stringify({ format: FORMAT, ...entry });

/** Reads what {@link encodeRelayEntry} wrote. @throws If a newer release wrote it. */
export function decodeRelayEntry(body: string): RelayEntry {
  const { format, ...entry } = JSON.parse(body) as RelayEntry & { readonly format: number };
  if (format === FORMAT) return entry;
  throw new Error(
    `The relay's journal holds rows of format ${format}; this release reads ${FORMAT}. ` +
      'Run the newer release until they are passed on.',
  );
}
