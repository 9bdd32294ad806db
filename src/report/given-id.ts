import type { Env } from '../platform/platform.js';

/** The form of an anonymous ID on the wire. */
export const ID_PATTERN = /^([0-9a-f]{16}|ci-[a-z0-9-]{1,32})$/;

/**
 * The ID that a parent gives its child processes or containers in `HEADCOUNT_ANONYMOUS_ID`. A
 * value that is not an ID is ignored.
 */
export function givenId(env: Env): string | undefined {
  const given = env['HEADCOUNT_ANONYMOUS_ID'];
  return given !== undefined && ID_PATTERN.test(given) ? given : undefined;
}

/** The given ID if it belongs to one person: many users share the ID of a CI vendor. */
export function personalId(env: Env): string | undefined {
  const given = givenId(env);
  return given?.startsWith('ci-') ? undefined : given;
}
