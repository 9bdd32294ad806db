import type { ErrorFigures } from '../logs/error-rate.js';
import { reasonOf, told } from './causes.js';
import type { Finding } from './conditions.js';

/** Examines whether the log has more errors than it usually has. */
export function examineErrors(figures: ErrorFigures): Finding {
  const { lastHour: value, usual, threshold, isUnusual } = figures;
  if (!isUnusual) return { value, threshold };
  const than =
    usual === null
      ? `more than ${threshold}, and what is usual is known after a day`
      : `where ${usual} are usual and more than ${threshold} are not`;
  const text = `The log has ${value} errors of the last hour, ${than}.`;
  const values = { errors: value, usual, threshold };
  return { value, threshold, ...reasonOf([told('errors_unusual', text, values)]) };
}
