import type { IncomingHttpHeaders } from 'node:http';
import { ProblemError } from '../errors.js';
import { RELAYED_BY } from '../rules/relays.js';

const INSTANCE = /^[\w-]{1,64}$/;

/**
 * Reads by which relays a request came.
 *
 * @throws `ProblemError` if that cannot be read.
 */
export function readRelayedBy(headers: IncomingHttpHeaders): readonly string[] {
  const names = String(headers[RELAYED_BY] ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  if (names.every((name) => INSTANCE.test(name))) return names;
  throw new ProblemError('bad_request', `The header ${RELAYED_BY} is no list of relays.`);
}

/** Writes the header of a request that a relay passes on. */
export const writeRelayedBy = (before: readonly string[], own: string): string =>
  [...before, own].join(', ');
