import type { GrowthAnswer } from './morning-answers.js';

/** How many people a window of days has, and had as many days before. */
export interface Change {
  /** Days of the window, up to the last complete day. */
  readonly days: number;
  readonly people: number;
  /** People of the window that ended on the same weekday before; one day is compared with the
   * day a week before. */
  readonly before: number;
  /** By which share of `before` there are more; `null` if there was nobody. */
  readonly change: number | null;
  /** People seen for the first time in the window. */
  readonly new: number;
  /** People who came again after as many days. `null` for a single day. */
  readonly came_back: number | null;
  /** People who were not seen for as many days. `null` for a single day. */
  readonly stopped: number | null;
}

/**
 * Compares the last complete day with the same weekday a week before.
 *
 * @param growth - Windows of one day, at least eight complete ones.
 */
export function dayChange({ rows }: GrowthAnswer): Change | undefined {
  const complete = rows.filter((row) => row.complete);
  const last = complete.at(-1);
  const before = complete.at(-8);
  if (last === undefined || before === undefined) return undefined;
  return {
    ...compare(1, last.active, before.active),
    new: last.new,
    came_back: null,
    stopped: null,
  };
}

/**
 * Compares the window that ends with the last complete day with the one before it.
 *
 * @param growth - Windows of `days` days, one for each of the last so many complete days. Then
 *   `people - before` is `new + came_back - stopped`.
 */
export function windowChange(days: number, { rows }: GrowthAnswer): Change | undefined {
  const last = rows.at(-1);
  const first = rows[0];
  if (last === undefined || first === undefined) return undefined;
  const sum = (name: 'new' | 'resurrected' | 'lost'): number =>
    rows.reduce((total, row) => total + row[name], 0);
  return {
    ...compare(days, last.active, first.active_before),
    new: sum('new'),
    came_back: sum('resurrected'),
    stopped: sum('lost'),
  };
}

function compare(
  days: number,
  people: number,
  before: number,
): Pick<Change, 'days' | 'people' | 'before' | 'change'> {
  return { days, people, before, change: before === 0 ? null : people / before - 1 };
}
