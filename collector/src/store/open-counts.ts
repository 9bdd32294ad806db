import type { Retention } from '../rules/retention-classes.js';
import type { CountsPlace, ReplicaPlace } from './counts-place.js';
import { loadPostgres } from './load-postgres.js';
import type { PinnableReader } from './pinnable-reader.js';
import type { NodeMark } from './postgres/node-mark.js';
import type { ReplicaProgress } from './postgres/replica-progress.js';
import { openCountsReader, openPinnableReader } from './sqlite/counts-reader.js';
import { openCountsWriter } from './sqlite/counts-writer.js';
import type { StoreReader, StoreWriter } from './store.js';

/** What a writer of counts is opened with. */
export interface CountsOptions {
  /** In milliseconds since 1970. */
  readonly openedAt: number;
  /** Tells which pepper users are hashed with. */
  readonly pepperId: string;
  /** For how many days keys and tombstones are kept. */
  readonly kept: Pick<Retention, 'keys' | 'tombstones'>;
  /** The name of the node, where several write. */
  readonly node: string;
}

/** A writer of counts. */
export interface OpenedWriter extends StoreWriter {
  /** Lets the writer go on after a `StoreChangedError`. */
  accept?(): void;
  /** What a replica must have to have all that this writer has written. */
  readonly mark?: NodeMark;
  /** Forgets that the counts were found without their log, once that was told. */
  forgetLostLog?(): void;
}

/** Opens the writer of a place, with its schema brought up to date. */
export async function openWriterOf(
  place: CountsPlace,
  { openedAt, pepperId, kept, node }: CountsOptions,
): Promise<OpenedWriter> {
  if (place.kind === 'sqlite') return openCountsWriter(place.path, openedAt, kept, pepperId);
  const { openNodeWriter } = await loadPostgres();
  const { address, timelines } = place;
  return openNodeWriter(address, {
    ...{ openedAt, pepperId, kept, node, timelines, stopsAnew: true },
  });
}

/** Opens a place for questions. Its writer must have been open before. */
export async function openReaderOf(place: CountsPlace): Promise<StoreReader> {
  if (place.kind === 'sqlite') return openCountsReader(place.path);
  const { openReaderAt } = await loadPostgres();
  return openReaderAt(place.address, place);
}

/** Opens a place like {@link openReaderOf}, for questions that are held to one state. */
export async function openPinnableOf(place: CountsPlace): Promise<PinnableReader> {
  if (place.kind === 'sqlite') return openPinnableReader(place.path);
  const { openPinnableAt } = await loadPostgres();
  return openPinnableAt(place.address, place);
}

/** Opens what tells how far a replica has come. */
export async function openReplicaOf({ address }: ReplicaPlace): Promise<ReplicaProgress> {
  const { openReplicaProgress } = await loadPostgres();
  return openReplicaProgress(address);
}
