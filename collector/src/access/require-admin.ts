import type { FastifyReply, FastifyRequest } from 'fastify';
import { ProblemError } from '../errors.js';
import { bearerToken } from './bearer-token.js';
import { hashSecret, isSecret } from './secret.js';

/**
 * Lets the administrator pass and nobody else.
 *
 * @param adminToken - Without one, nobody is the administrator.
 */
export function requireAdmin(adminToken: string | undefined) {
  const hash = adminToken === undefined ? undefined : hashSecret(adminToken);
  return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    if (hash === undefined) {
      throw new ProblemError(
        'admin_off',
        'Set HEADCOUNT_ADMIN_TOKEN where the collector starts, to turn the administration on.',
      );
    }
    const token = bearerToken(request.headers);
    if (token !== undefined && isSecret(token, hash)) return;
    reply.header('www-authenticate', 'Bearer realm="headcount-collector"');
    throw new ProblemError(
      'not_admin',
      token === undefined
        ? 'Send the administrator’s token as Authorization: Bearer.'
        : 'That is not the administrator’s token.',
    );
  };
}
