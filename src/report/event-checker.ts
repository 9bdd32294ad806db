import type { FieldDropCounts } from '../drop-reasons.js';
import type { ManifestEvents } from '../wire/manifest.js';
import type { FieldValue } from '../wire/report.js';
import type { FieldChecker } from './field-checker.js';
import type { Sanitizer } from './sanitizer.js';

/** An event that contains only what was declared. */
export interface CheckedEvent {
  readonly event: string;
  readonly fields: Readonly<Record<string, FieldValue>> | undefined;
}

/** Accepts declared events and fields, and counts all others. No input makes it throw. */
export interface EventChecker {
  /**
   * The event as it may be sent; `undefined` if it was not declared.
   *
   * @param fields - the fields that the app gives
   * @param measured - the fields that Headcount measured. An undeclared one is not counted
   */
  check(
    event: unknown,
    fields: unknown,
    measured?: Readonly<Record<string, unknown>>,
  ): CheckedEvent | undefined;
  readonly droppedFields: FieldDropCounts;
}

/**
 * See {@link EventChecker}.
 *
 * @param fieldChecker - called for the first event that has fields. If the checker cannot be
 * loaded, the event is sent without fields
 */
export function createEventChecker(
  events: ManifestEvents,
  { clean }: Sanitizer,
  fieldChecker: (droppedFields: FieldDropCounts) => FieldChecker | undefined,
): EventChecker {
  const droppedFields: FieldDropCounts = {};
  let checkFields: FieldChecker | undefined;
  return {
    check(event, fields, measured) {
      const declared = typeof event === 'string' && Object.hasOwn(events, event) && events[event];
      if (!declared || clean(event) !== event) return undefined;
      if (fields === undefined && measured === undefined) return { event, fields: undefined };
      checkFields ??= fieldChecker(droppedFields);
      const kept = checkFields?.(declared.fields, fields, measured ?? {}) ?? {};
      return { event, fields: Object.keys(kept).length > 0 ? kept : undefined };
    },
    droppedFields,
  };
}
