import vendors from 'ci-info/vendors.json' with { type: 'json' };
import { type CiCondition, GENERIC_CI_VARIABLES } from './ci.js';

/** A variable, and a part of its value where only such a value matters. */
export type CiHint = string | readonly [variable: string, part: string];

/**
 * The variables by which a CI system is told. The build writes this list out (build/ci-vendors.ts):
 * the table itself is loaded only where one of them is set.
 */
export const CI_HINTS: readonly CiHint[] = [
  ...GENERIC_CI_VARIABLES,
  // The cast: TypeScript infers one object type with every key optional out of the JSON.
  ...vendors.flatMap(({ env }) => [env].flat().flatMap((part) => hintsOf(part as CiCondition))),
];

function hintsOf(condition: CiCondition): CiHint[] {
  if (typeof condition === 'string') return [condition];
  if ('any' in condition) return [...condition.any];
  if ('includes' in condition) return [[String(condition['env']), condition['includes']]];
  return Object.keys(condition);
}
