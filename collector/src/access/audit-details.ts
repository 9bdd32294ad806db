import type { FastifyRequest } from 'fastify';

/** What an action was about, beyond its target. It holds no secret and no user's ID. */
export type AuditDetails = Readonly<Record<string, unknown>>;

/** What a route tells the audit log that its request does not say. */
interface AuditNote {
  readonly target?: string;
  readonly details?: AuditDetails;
}

/** Characters of details at most, as JSON. Of longer ones, the names alone are kept. */
const MAX_CHARACTERS = 1024;

const notes = new WeakMap<FastifyRequest, AuditNote>();

/** Notes what the audit log says of a request when it is answered. */
export function noteForAudit(request: FastifyRequest, note: AuditNote): void {
  notes.set(request, note);
}

/** What was noted of a request. */
export const noteOf = (request: FastifyRequest): AuditNote => notes.get(request) ?? {};

/** Details as they are kept; `undefined` if there are none. */
export function boundDetails(details: AuditDetails): AuditDetails | undefined {
  const names = Object.keys(details);
  if (names.length === 0) return undefined;
  return JSON.stringify(details).length <= MAX_CHARACTERS ? details : { members: names.join(' ') };
}
