import type { Cause } from './cause.js';

/** How project and collector are. What the caller may not know is `null`. */
export interface Status {
  /** The one worst thing; `null` if all is well. */
  readonly worst: Worst | null;
  /** How long ago the last report was counted, in milliseconds. */
  readonly lastReportMs: number | null;
  /** Of the reports of the last 7 days. */
  readonly refusedShare: number | null;
  /** Reports lost in the last 7 days; `unknown` if it is not known how many. */
  readonly lost: number | 'unknown' | null;
  readonly backup: {
    /** `null` if there was none. */
    readonly ageMs: number | null;
  } | null;
}

export type Worst =
  | { readonly kind: 'unhealthy' }
  | { readonly kind: 'stale'; readonly asOf: string; readonly ageMs: number }
  | {
      readonly kind: 'silent';
      readonly silentMs: number;
      readonly lastAt: string;
      readonly usualGapMs: number | null;
    }
  | { readonly kind: 'lost'; readonly reports: number | 'unknown' }
  | { readonly kind: 'uncountable'; readonly reports: number }
  | {
      readonly kind: 'condition';
      /** As in `GET /health`. */
      readonly name: string;
      readonly since: string;
      readonly causes: readonly Cause[];
    }
  | {
      readonly kind: 'refused';
      readonly share: number;
      readonly usualShare: number;
      /** Of the problem that most have. */
      readonly code: string;
    };
