import type { ActivityBits } from './activity-bits.js';
import { type SaidValues, withoutDaysBefore } from './said-values.js';
import type { ValuedActivity } from './value-runs.js';

/** The parts of a user that have days. */
interface DatedUser<Value> extends ValuedActivity<Value> {
  readonly said: SaidValues<Value>;
}

/**
 * A user's activity without the days before `day`, numbered since 1970. The last day stays known,
 * also if nothing else does.
 *
 * @returns The same object if there are no such days.
 */
export function dropActivity<Value, User extends DatedUser<Value>>(
  user: User & DatedUser<Value>,
  day: number,
): User {
  const kept = Math.max(0, user.lastDay - day + 1);
  const bits: ActivityBits = BigInt.asUintN(kept, user.bits);
  const said = withoutDaysBefore(user.said, day);
  if (bits === user.bits && said === user.said) return user;
  return { ...user, bits, said, runs: user.runs.filter(({ lastDay }) => lastDay >= day) };
}
