import vendors from 'ci-info/vendors.json' with { type: 'json' };
import { type CiCondition, GENERIC_CI_VARIABLES } from './ci.js';

/** A variable that is set in CI, and the text that its value must contain, if any. */
export type CiHint = string | readonly [variable: string, part: string];

/**
 * The variables that CI systems set. The build evaluates this list (build/ci-vendors.ts), so that
 * ci-info's table is loaded only if one of them is set.
 */
export const CI_HINTS: readonly CiHint[] = [
  ...GENERIC_CI_VARIABLES,
  // The cast: TypeScript infers one object type with optional keys from the JSON.
  ...vendors.flatMap(({ env }) => [env].flat().flatMap((part) => hintsOf(part as CiCondition))),
];

function hintsOf(condition: CiCondition): CiHint[] {
  if (typeof condition === 'string') return [condition];
  if ('any' in condition) return [...condition.any];
  if ('includes' in condition) return [[String(condition['env']), condition['includes']]];
  return Object.keys(condition);
}
