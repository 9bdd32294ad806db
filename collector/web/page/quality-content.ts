import type { View } from './view.js';

/** `/p/{project}/quality`: how sure the counts are. */
export interface QualityContent {
  readonly page: 'quality';
  readonly view: View;
  /** The first and the last day of receipt, by UTC. */
  readonly from: string;
  readonly to: string;
  readonly totals: QualityCounts;
  /** The span in parts, the oldest first. */
  readonly parts: readonly QualityPart[];
  /** How many days each part has; the last one may have fewer. */
  readonly daysOfPart: 1 | 7 | 28;
  /** Reports that installs say they dropped, of all time. */
  readonly lost: number;
  /** Further ones that are not plausible, of all time. */
  readonly lostCut: number;
  readonly fullPlaces: readonly FullPlace[];
  readonly certainty: Certainty;
}

/** Numbers of reports by what became of them; the kinds are those of the API. */
export interface QualityCounts {
  readonly kinds: Readonly<Record<QualityKind, number>>;
  /** By the code of the problem. */
  readonly refused: Readonly<Record<string, number>>;
}

/** A part of the span. */
export interface QualityPart extends QualityCounts {
  readonly from: string;
  readonly to: string;
  /** Whether its last day is over, by UTC. */
  readonly complete: boolean;
}

/** What the API counts, in the order of the page. */
export const QUALITY_KINDS = [
  ...(['accepted', 'duplicates', 'late', 'delayed', 'clock_corrected', 'day_uncertain'] as const),
  ...(['timestamps_clamped', 'timestamps_unreadable', 'values_cut'] as const),
  ...(['values_unexpected', 'values_over_limit', 'unknown_fields'] as const),
  ...(['undeclared_events', 'undeclared_fields', 'undeclared_values'] as const),
  ...(['too_old', 'forgotten', 'uncountable', 'lost_in_restore', 'unknown_losses'] as const),
] as const;

export type QualityKind = (typeof QUALITY_KINDS)[number];

/** What is nearly full. */
export interface FullPlace {
  readonly of: 'dimension_values' | 'project_values' | 'dimensions';
  readonly dimension: string | null;
  readonly used: number;
  readonly limit: number;
}

/** How sure it is that an ID is one person. */
export interface Certainty {
  readonly total: number;
  readonly certain: number | null;
  readonly likely: number | null;
  readonly ephemeral: number | null;
  /** IDs that only build farms have reported with: they are in no other count. */
  readonly buildFarms: number;
  /** The project's own sentence of who is counted. */
  readonly coverage: string | null;
}
