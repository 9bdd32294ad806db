import { activeDays } from '../../rules/activity-bits.js';
import { nameValues } from '../../rules/dimensions.js';
import type { UserState } from '../../rules/user-state.js';
import type { ValueRun } from '../../rules/value-runs.js';
import type { CountedDays, CountedUser } from '../questions.js';

/** What was counted of a user, with the names of the values. */
export function toCounted(
  user: UserState<number>,
  toName: (valueId: number) => string,
): Omit<CountedUser, 'said'> {
  return {
    firstSeen: user.firstSeen,
    lastSeen: user.lastSeen,
    firstDay: user.firstDay,
    lastDay: user.lastDay,
    days: activeDays(user),
    reports: user.reports,
    lost: user.lost,
    dimensions: { os: toName(user.os), version: toName(user.version) },
    history: historyOf(user.runs, toName),
    ci: user.ci,
    idSource: user.idSource,
    idPersisted: user.idPersisted,
    ownerHash: user.ownerHash,
  };
}

/** Runs whose values have become the same since they were written are one. */
function historyOf(
  runs: readonly ValueRun<number>[],
  toName: (valueId: number) => string,
): CountedDays[] {
  const history: CountedDays[] = [];
  let last: readonly string[] | undefined;
  for (const { lastDay, values } of runs) {
    const names = values.map(toName);
    const isSame = last?.every((name, at) => name === names[at]) === true;
    if (isSame) history.pop();
    history.push({ lastDay, values: nameValues(names) });
    last = names;
  }
  return history;
}
