import type { Env } from '../platform/platform.js';

/** What an anonymous ID looks like on the wire. */
export const ID_PATTERN = /^([0-9a-f]{16}|ci-[a-z0-9-]{1,32})$/;

/**
 * The ID that a parent hands down to its children or containers in `HEADCOUNT_ANONYMOUS_ID`.
 * Anything that is not an ID counts as not given.
 */
export function givenId(env: Env): string | undefined {
  const given = env['HEADCOUNT_ANONYMOUS_ID'];
  return given !== undefined && ID_PATTERN.test(given) ? given : undefined;
}

/** The same where it is that of one person: an ID of CI is shared by many, and nobody owns it. */
export function personalId(env: Env): string | undefined {
  const given = givenId(env);
  return given?.startsWith('ci-') ? undefined : given;
}
