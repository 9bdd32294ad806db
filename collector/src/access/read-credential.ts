import type { FastifyRequest } from 'fastify';
import { ProblemError } from '../errors.js';
import { bearerToken } from './secret.js';

/** A token is shorter: a longer text is refused before it is hashed. */
const MAX_TOKEN_CHARACTERS = 512;

/**
 * The token of a request; `undefined` if it has no `Authorization`.
 *
 * @throws `ProblemError` `bad_token` if there are several, or one of another kind.
 */
export function readCredential(request: FastifyRequest): string | undefined {
  const { headers, raw } = request;
  if (headers.authorization === undefined) return undefined;
  // Node keeps the first of several; a proxy may have checked another.
  const names = raw.rawHeaders.filter((_, at) => at % 2 === 0);
  const given = names.filter((name) => name.toLowerCase() === 'authorization').length;
  const token = bearerToken(headers);
  if (given <= 1 && token !== undefined && token.length <= MAX_TOKEN_CHARACTERS) return token;
  throw new ProblemError('bad_token', 'Send one token as Authorization: Bearer <token>.');
}
