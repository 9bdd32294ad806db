import type { IncomingHttpHeaders } from 'node:http';
import { ProblemError } from '../errors.js';

/**
 * The header of what a relay passes on: the relays that it came by, the first one first. Like `CDN-Loop`
 * (RFC 8586) it is for relays alone; a collector does not read it.
 */
export const RELAYED_BY = 'headcount-relayed-by';

/** Relays that a report may come by. */
export const MOST_RELAYS = 8;

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
