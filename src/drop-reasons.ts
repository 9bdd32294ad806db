/**
 * Every reason why a report is dropped. Each dropped report is counted under exactly one of them
 * in `status().dropped`. While telemetry is off, no reports are made, so none are dropped.
 */
export const DROP_REASONS = {
  'undeclared-event': 'The event was not declared.',
  'basic-level': 'The user lets only startup and alive be reported.',
  'storage-failed':
    'Nothing could take the report, or the app’s storage did not tell the user’s choice.',
  'outbox-full': 'The outbox was full; the oldest reports were deleted to make room.',
  unreadable: 'A line in the outbox could not be read, after a power cut for example.',
  refused: 'The collector refused the report, and a retry would not help.',
  'too-large': 'This one report makes a request that is too large for the collector.',
  retired: 'The collector no longer accepts reports of this version of the app (410).',
} as const;

/** One of the closed list of reasons why a report is not sent. */
export type DropReason = keyof typeof DROP_REASONS;

/**
 * Every reason why a field of an event is not sent. The event is sent without it, and the field is
 * counted in `status().droppedFields`.
 */
export const FIELD_DROP_REASONS = {
  'undeclared-field': 'The event was declared without a field of this name.',
  'invalid-value': 'The value is not among the values declared for the field.',
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

/** Both counts in one. */
export function addDropped(counts: DropCounts, more: DropCounts): DropCounts {
  const sum = { ...counts };
  for (const [reason, count] of dropEntries(more)) sum[reason] = (sum[reason] ?? 0) + count;
  return sum;
}
