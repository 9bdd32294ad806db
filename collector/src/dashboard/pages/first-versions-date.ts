import { RESTRICTED_K } from '../../stats/seen-groups.js';
import type { SupportAnswer } from '../overview/answers.js';

type Row = SupportAnswer['rows'][number];

/**
 * The day on which the oldest of all versions were first seen. They came with the first report: half
 * of the people had them at once, and nobody had to take them up. `undefined` if some are older than
 * is known.
 */
export function firstVersionsDate(rows: readonly Row[]): string | undefined {
  const isOlder = rows.some(({ people, people_from_here: fromHere, first_date: date }) => {
    // Below the administrator's level nothing is told of fewer people.
    return date === null && fromHere !== null && people >= RESTRICTED_K;
  });
  return isOlder ? undefined : rows.flatMap((row) => row.first_date ?? []).sort()[0];
}
