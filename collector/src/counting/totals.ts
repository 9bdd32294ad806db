import { certaintyOf } from './band.js';
import type { UserState } from './user-state.js';

/** What is counted over all of time, by how sure it is; `people` are the first three. */
export const TOTALS = ['certain', 'likely', 'ephemeral', 'ci', 'reports', 'lost'] as const;

/** One of {@link TOTALS}. */
export type Total = (typeof TOTALS)[number];

/** What one user adds to the totals. */
export function totalsOf(user: UserState<unknown>): Partial<Record<Total, number>> {
  const total = user.ci ? 'ci' : certaintyOf(user);
  return { [total]: 1, reports: user.reports, lost: user.lost };
}
