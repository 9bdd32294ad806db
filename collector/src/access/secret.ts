import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** A secret as it is stored. Secrets are random and long, so a plain hash cannot be turned back. */
export type SecretHash = Buffer;

/** Hashes a secret. */
export function hashSecret(secret: string): SecretHash {
  return createHash('sha256').update(secret).digest();
}

/** Whether a secret is the one; how long it takes says nothing of how near it came. */
export function isSecret(secret: string, hash: SecretHash): boolean {
  return timingSafeEqual(hashSecret(secret), hash);
}

/** Makes a write key: 256 random bits, recognizable by its beginning. */
export function makeWriteKey(): string {
  return `hck_${randomBytes(32).toString('base64url')}`;
}

/** The token of `Authorization: Bearer`, if there is one (RFC 6750). */
export function bearerToken({ authorization }: IncomingHttpHeaders): string | undefined {
  return /^Bearer +([\w.~+/-]+=*) *$/i.exec(authorization ?? '')?.[1];
}
