import type { AlertEvent, ToldCondition } from './notice.js';
import type { Box } from './outbox.js';

/** The rest of an event, which the caller makes. */
export interface EventMaker {
  readonly now: () => Date;
  readonly makeId: () => string;
  /** Whether it is this collector that tells when a condition begins. */
  readonly mayBegin: (name: string) => boolean;
}

/** Events that wait at most for a receiver that is away: more conditions than there are. */
const MAX_WAITING = 200;

/**
 * Puts what has changed since a receiver was told last into its box.
 *
 * @param conditions - All that are there now, those that are well among them.
 * @param endsMissing - Whether a condition is over that was told and is well, or is not there.
 * @returns Whether anything has changed.
 */
export function tellBox(
  box: Box,
  conditions: readonly ToldCondition[],
  endsMissing: boolean,
  { now, makeId, mayBegin }: EventMaker,
): boolean {
  const at = now().toISOString();
  const ill = new Map(conditions.filter(isIll).map((one) => [one.name, one]));
  const add = (event: AlertEvent['event'], condition: ToldCondition): void =>
    addEvent(box.waiting, { id: makeId(), event, at, condition, left_out: 0 });
  let hasChanged = false;
  for (const condition of ill.values()) {
    const told = box.told[condition.name];
    if (told?.state === condition.state) continue;
    if (told === undefined && !mayBegin(condition.name)) continue;
    add(told === undefined ? 'begin' : 'change', condition);
    box.told[condition.name] = condition;
    hasChanged = true;
  }
  if (!endsMissing) return hasChanged;
  for (const told of Object.values(box.told)) {
    if (ill.has(told.name)) continue;
    add('end', { ...told, state: 'ok', since: at });
    // The box is of JSON, and a name is no more than a key there.
    Reflect.deleteProperty(box.told, told.name);
    hasChanged = true;
  }
  return hasChanged;
}

const isIll = ({ state }: ToldCondition): boolean => state !== 'ok';

/**
 * Adds an event to those that wait. Of a condition, the first and the last one are kept: a receiver
 * that was away learns that it began, and how it is now.
 */
function addEvent(waiting: AlertEvent[], event: AlertEvent): void {
  const [, later] = waiting.filter(({ condition }) => condition.name === event.condition.name);
  if (later === undefined) {
    waiting.push(event);
    if (waiting.length > MAX_WAITING) waiting.shift();
    return;
  }
  waiting.splice(waiting.indexOf(later), 1);
  waiting.push({ ...event, left_out: later.left_out + 1 });
}
