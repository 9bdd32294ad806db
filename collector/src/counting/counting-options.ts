import type { KeptErasure } from '../erasures/kept-erasure.js';
import type { Journal } from '../journal/journal.js';
import type { Retention } from '../rules/retention-classes.js';
import type { CountsPlace } from '../store/counts-place.js';
import type { KnownBefore, Repair } from './reconcile.js';
import type { ReplicaWatchOptions } from './replica-watch.js';

export interface CountingOptions {
  readonly journal: Journal;
  readonly journalPath: string;
  readonly counts: CountsPlace;
  /** Tells which pepper users are hashed with. */
  readonly pepperId: string;
  /** What the counts were known to have of the journal before both were opened. */
  readonly known: KnownBefore['journal'];
  /** The deletions that are kept, for counts that went back. */
  readonly erasures: () => readonly KeptErasure[];
  /** For how long the journal keeps what is counted, and up to which size of it. */
  readonly keepCounted: { readonly ms: number | undefined; readonly maxBytes: number };
  /** For how many days keys and tombstones are kept. */
  readonly kept: Pick<Retention, 'keys' | 'tombstones'>;
  readonly now: () => Date;
  /** Milliseconds of a clock that never goes back. */
  readonly monotonicMs: () => number;
  /** Called when a batch could not be counted. It is tried again. */
  readonly onFailure: (error: unknown) => void;
  /** Called when a batch is counted after that. */
  readonly onRecovery: () => void;
  /** Called when something was put right after the store went back while this was running. */
  readonly onRepair: (repair: Repair) => void;
  /** Called with what there is to tell of the replica. */
  readonly replica: Pick<ReplicaWatchOptions, 'onFailure' | 'onRecovery' | 'onRole'>;
}
