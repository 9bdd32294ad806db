import type { Env } from '../platform/platform.js';

const GIVEN = /^[0-9a-f]{16}$/;

/**
 * The ID that a parent gives its child processes or containers in `HEADCOUNT_ANONYMOUS_ID`. A
 * value that is not 16 hex digits is ignored: the IDs of CI vendors come from their table alone.
 */
export function givenId({ HEADCOUNT_ANONYMOUS_ID: given }: Env): string | undefined {
  return typeof given === 'string' && GIVEN.test(given) ? given : undefined;
}
