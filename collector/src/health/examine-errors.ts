import type { ErrorFigures } from '../logs/error-rate.js';
import type { Finding } from './conditions.js';

/** Examines whether the log has more errors than it usually has. */
export function examineErrors(figures: ErrorFigures): Finding {
  const { lastHour: value, usual, threshold, isUnusual } = figures;
  if (!isUnusual) return { value, threshold };
  const than =
    usual === null
      ? `more than ${threshold}, and what is usual is known after a day`
      : `where ${usual} are usual and more than ${threshold} are not`;
  return { value, threshold, reason: `The log has ${value} errors of the last hour, ${than}.` };
}
