import type { ActivityBits } from './activity-bits.js';
import type { ValuedActivity } from './value-runs.js';

/**
 * A user's activity without the days before `day`, numbered since 1970. The last day stays known,
 * also if nothing else does.
 *
 * @returns The same object if there are no such days.
 */
export function dropActivity<Value, User extends ValuedActivity<Value>>(
  user: User & ValuedActivity<Value>,
  day: number,
): User {
  const kept = Math.max(0, user.lastDay - day + 1);
  const bits: ActivityBits = BigInt.asUintN(kept, user.bits);
  if (bits === user.bits) return user;
  return { ...user, bits, runs: user.runs.filter(({ lastDay }) => lastDay >= day) };
}
