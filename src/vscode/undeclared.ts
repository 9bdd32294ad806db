import type { FieldDropCounts, FieldDropReason } from '../drop-reasons.js';
import { checkEvent } from '../edge/check-event.js';
import type { EventDeclarations } from '../report/declared-events.js';

/** What {@link createUndeclared} has counted. */
export interface Undeclared {
  readonly undeclaredEvents: number;
  readonly droppedFields: FieldDropCounts;
}

/** Counts what an extension reports without having declared it. */
export function createUndeclared(events: EventDeclarations) {
  let undeclaredEvents = 0;
  const droppedFields: Partial<Record<FieldDropReason, number>> = {};

  function countFields(event: string, given: Readonly<Record<string, unknown>>): void {
    const kept = checkEvent(events, event, given);
    if (!kept) return void (undeclaredEvents += 1);
    const declared = Object.hasOwn(events, event) ? (events[event]?.fields ?? {}) : {};
    for (const name of Object.keys(given)) {
      if (given[name] === undefined || Object.hasOwn(kept, name)) continue;
      const reason = Object.hasOwn(declared, name) ? 'invalid-value' : 'undeclared-field';
      droppedFields[reason] = (droppedFields[reason] ?? 0) + 1;
    }
  }

  return {
    count: countFields,
    counted: (): Undeclared => ({ undeclaredEvents, droppedFields: { ...droppedFields } }),
  };
}
