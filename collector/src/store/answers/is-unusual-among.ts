import { isUnusual, USUAL_DAYS } from '../../rules/unusual.js';
import type { DayCount } from '../questions.js';

/** Compares a day with those of the month before it. */
export function isUnusualAmong(news: readonly DayCount[], { day, n }: DayCount): boolean {
  const before = news.filter((one) => one.day < day && one.day >= day - USUAL_DAYS);
  const counts = before.map((one) => one.n);
  return isUnusual(n, counts);
}
