/** `/your-data`: what is kept of one ID, for its owner. */
export interface YourDataContent {
  readonly page: 'your-data';
  /** As it was typed, or named by the link that led here. */
  readonly project: string;
  readonly anonymousId: string;
  /** As it was typed, for the next step; empty before. This page is stored nowhere. */
  readonly proof: string;
  /** Why the last step did not succeed. */
  readonly failure: 'unknown' | 'too-many' | 'not-confirmed' | 'not-kept' | 'failed' | null;
  readonly record: OwnRecord | null;
  readonly receipt: Receipt | null;
}

/** All that is kept, as `GET /v1/users/{anonymous_id}` answers. */
export interface OwnRecord {
  readonly project: string;
  readonly first_day: string | null;
  readonly last_day: string | null;
  readonly active_days: readonly string[];
  readonly total_reports: number;
  readonly facts: Readonly<Record<string, string | boolean>>;
  readonly events: readonly {
    readonly dimension: string;
    readonly value: string;
    readonly days: readonly string[];
  }[];
  readonly deleted_at: string | null;
  readonly kept: readonly {
    readonly what: string;
    readonly where: string;
    readonly how_long: string;
  }[];
  readonly as_of: string;
}

/** What says that a deletion is on disk, as `DELETE /v1/users/{anonymous_id}` answers. */
export interface Receipt {
  readonly receipt_id: string;
  readonly project: string;
  readonly deleted_at: string;
  readonly late_reports_ignored_until: string;
}
