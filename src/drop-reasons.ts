/**
 * Every reason why something that was tracked is not sent. Each drop has exactly one of them and
 * is counted in `status().dropped`. (Nothing is dropped while telemetry is off: nothing is made.)
 */
export const DROP_REASONS = {
  'undeclared-event': 'The event is not among the declared ones.',
  'storage-failed': 'The outbox could not take the report, and memory could not either.',
  'outbox-full': 'The outbox was at its bound; the oldest report made room.',
  unreadable: 'A line in the outbox could not be read, after a power cut for example.',
  refused: 'The collector refused the report for good.',
  'too-large': 'The collector takes no request as large as this one report.',
  retired: 'The collector wants nothing of this version of the app any more (410).',
} as const;

/** One of the closed list of reasons why a report is not sent. */
export type DropReason = keyof typeof DROP_REASONS;

/**
 * Every reason why a field of an event is not sent. The event itself is; each such field is counted
 * in `status().droppedFields`.
 */
export const FIELD_DROP_REASONS = {
  'undeclared-field': 'The event was declared without a field of this name.',
  'invalid-value': 'The value is none of those that were declared for the field.',
} as const;

/** One of the closed list of reasons why a field is not sent. */
export type FieldDropReason = keyof typeof FIELD_DROP_REASONS;

/** How many fields were dropped, by reason. Reasons that never occurred are absent. */
export type FieldDropCounts = Partial<Record<FieldDropReason, number>>;

/** How many reports were dropped, by reason. Reasons that never occurred are absent. */
export type DropCounts = Partial<Record<DropReason, number>>;

/** The reasons and counts of {@link DropCounts}. */
export function dropEntries(counts: DropCounts): [DropReason, number][] {
  // The cast: Object.entries() types every key as string.
  return Object.entries(counts) as [DropReason, number][];
}

/** How many were dropped, whatever the reason. */
export const totalDropped = (counts: DropCounts): number =>
  dropEntries(counts).reduce((sum, [, count]) => sum + count, 0);
