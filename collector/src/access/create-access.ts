import type { FastifyRequest } from 'fastify';
import { ProblemError } from '../errors.js';
import { type Access, viewOf } from './access.js';
import type { BrowserSessions } from './browser-sessions.js';
import { type Caller, PUBLIC } from './caller.js';
import type { Projects } from './projects.js';
import { readCredential } from './read-credential.js';
import type { Sessions } from './sessions.js';
import type { TokenCheck } from './token-check.js';

/** The sessions, as far as they open something. */
export type SessionCheck = Pick<BrowserSessions, 'sessionOf'> & Pick<Sessions, 'isCurrent'>;

/** Creates what decides who sees what. */
export function createAccess(
  projects: Pick<Projects, 'visibilityOf' | 'shown'>,
  tokens: Pick<TokenCheck, 'find' | 'isCurrent'>,
  sessions: SessionCheck,
): Access {
  // A request is checked once, so that one answer is not given at two levels.
  const known = new WeakMap<FastifyRequest, Caller>();
  const identify = (request: FastifyRequest): Caller => {
    const token = readCredential(request);
    if (token === undefined) return sessions.sessionOf(request)?.caller ?? PUBLIC;
    const caller = tokens.find(token);
    if (caller !== undefined) return caller;
    throw new ProblemError(
      'bad_token',
      'The token is unknown, was revoked, or has expired. Ask the administrator for another.',
    );
  };
  return {
    callerOf: (request) => {
      const caller = known.get(request) ?? identify(request);
      known.set(request, caller);
      return caller;
    },
    isCurrent: (caller) => {
      if (caller.id === null) return true;
      if (caller.session !== undefined && !sessions.isCurrent(caller.session)) return false;
      return tokens.isCurrent(caller);
    },
    view: (caller, project, question) => viewOf(projects, caller, project, question),
  };
}
