import type { DayWindow } from '../rules/window-counter.js';
import type { PeopleWindows } from '../store/questions.js';

/** How the people who are active change from the day before to a day. */
export interface Growth {
  readonly active: number;
  readonly active_before: number;
  readonly new: number;
  readonly retained: number;
  readonly resurrected: number;
  readonly lost: number;
}

/**
 * The windows that {@link countGrowth} needs the people of: for each day, the day alone, the window
 * that ends with it, and that window with the day before its first. Those that end with the day
 * before the first day come besides.
 *
 * @param length - The days of a window.
 */
export function growthWindows(
  { from, to }: { readonly from: number; readonly to: number },
  length: number,
): DayWindow[] {
  const days = Array.from({ length: to - from + 1 }, (_, at) => from + at);
  const endingWith = (lastDay: number, n: number): DayWindow => ({
    firstDay: lastDay - n + 1,
    lastDay,
  });
  return [
    ...days.map((day) => endingWith(day, 1)),
    ...[from - 1, ...days].map((day) => endingWith(day, length)),
    ...days.map((day) => endingWith(day, length + 1)),
  ];
}

/** The growth of each day, from the people in {@link growthWindows}. */
export function countGrowth({ active, firsts }: PeopleWindows): Growth[] {
  const days = (active.length - 1) / 3;
  const ofWindows = active.slice(days, 2 * days + 1);
  return active.slice(2 * days + 1).map((eitherDay, at) => {
    const before = ofWindows[at] ?? 0;
    const now = ofWindows[at + 1] ?? 0;
    const isNew = firsts[at] ?? 0;
    // Who was active on either day was active the day before, or came on the day.
    return {
      active: now,
      active_before: before,
      new: isNew,
      retained: before + now - eitherDay,
      resurrected: eitherDay - before - isNew,
      lost: eitherDay - now,
    };
  });
}
