import type { Figures } from './gather.js';
import type { Labels, Sample } from './tally.js';

/** Figures of one name. */
export interface Family {
  /** Without the prefix `headcount_`, unless it is one of the process’s. */
  readonly name: string;
  readonly type: 'counter' | 'gauge';
  readonly help: string;
  /** The names of its labels. */
  readonly labels: readonly string[];
  /** Its samples; none if they are not known. */
  readonly read: (figures: Figures) => readonly Sample[];
}

/** A sample, or none if there is no value. */
export const sampleOf = (value: number | null | undefined, labels: Labels = {}): Sample[] =>
  value === null || value === undefined ? [] : [{ labels, value }];

/** A moment as Prometheus has it, in seconds. */
export const toSeconds = (ms: number | null | undefined): number | undefined =>
  ms === null || ms === undefined ? undefined : ms / 1000;
