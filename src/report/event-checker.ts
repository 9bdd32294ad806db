import type { FieldDropCounts } from '../drop-reasons.js';
import type { ManifestEvents } from '../wire/manifest.js';
import type { FieldValue } from '../wire/report.js';
import type { FieldChecker } from './field-checker.js';
import type { Sanitizer } from './sanitizer.js';

/** An event with nothing in it that was not declared. */
export interface CheckedEvent {
  readonly event: string;
  readonly fields?: Readonly<Record<string, FieldValue>>;
}

/** Lets through what was declared, and counts the rest. Nothing that it is given makes it throw. */
export interface EventChecker {
  /**
   * The event as it may be sent; `undefined` where it was not declared.
   *
   * @param fields - what the app says of the event
   * @param measured - what was found out for it; what of that is not declared is no mistake
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
 * @param fieldChecker - asked for with the first event that has fields. Where it cannot be loaded,
 * the event goes without them
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
      if (fields === undefined && measured === undefined) return { event };
      checkFields ??= fieldChecker(droppedFields);
      const kept = checkFields?.(declared.fields, fields, measured ?? {}) ?? {};
      return Object.keys(kept).length > 0 ? { event, fields: kept } : { event };
    },
    droppedFields,
  };
}
