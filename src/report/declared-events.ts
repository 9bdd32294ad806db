import { STARTUP_EVENT } from '../wire/report.js';

/** What an app says of one of its events. */
export interface EventDeclaration {
  /** What the event means, for the people whose machine it is reported from. */
  readonly description: string;
}

/** An app's events by name. */
export type EventDeclarations = Readonly<Record<string, EventDeclaration>>;

/** Whether an event may be reported: only what was declared may, and `startup` always. */
export const isDeclared = (event: string, events: EventDeclarations): boolean =>
  event === STARTUP_EVENT || Object.hasOwn(events, event);
