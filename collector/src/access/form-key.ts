import { createHmac } from 'node:crypto';
import { hashSecret, isSecret } from './secret.js';

/** The key that the forms of a session's pages bring. It does not tell the session's secret. */
export const formKeyOf = (secret: string): string =>
  createHmac('sha256', secret).update('form key').digest('base64url');

/** Whether a key is that of a session. */
export const isFormKey = (key: string, secret: string): boolean =>
  isSecret(key, hashSecret(formKeyOf(secret)));
