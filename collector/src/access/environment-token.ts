import type { Caller } from './caller.js';
import type { TokenCheck } from './create-access.js';
import { hashSecret, isSecret } from './secret.js';

const ADMINISTRATOR: Caller = {
  id: 'environment',
  name: 'HEADCOUNT_ADMIN_TOKEN',
  level: 'administrator',
  project: null,
};

/** The administrator's token that the collector was started with, if there is one. */
export function environmentToken(adminToken: string | undefined): TokenCheck {
  const hash = adminToken === undefined ? undefined : hashSecret(adminToken);
  return {
    find: (token) => (hash !== undefined && isSecret(token, hash) ? ADMINISTRATOR : undefined),
    isCurrent: ({ id }) => id === ADMINISTRATOR.id,
  };
}
