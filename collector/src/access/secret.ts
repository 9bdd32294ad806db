import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** A stored secret. Secrets are random and long, so a plain hash cannot be reversed. */
export type SecretHash = Buffer;

/** Hashes a secret. */
export function hashSecret(secret: string): SecretHash {
  return createHash('sha256').update(secret).digest();
}

/** Compares a secret in constant time. */
export function isSecret(secret: string, hash: SecretHash): boolean {
  return timingSafeEqual(hashSecret(secret), hash);
}

/** Makes a write key: 256 random bits with a recognizable prefix. */
export function makeWriteKey(): string {
  return `hck_${randomBytes(32).toString('base64url')}`;
}

/** Makes an access token: 256 random bits with a prefix that scanners for secrets can find. */
export function makeToken(): string {
  return `hct_${randomBytes(32).toString('base64url')}`;
}

/** The token of `Authorization: Bearer`, if there is one (RFC 6750). */
export function bearerToken({ authorization }: IncomingHttpHeaders): string | undefined {
  return /^Bearer +([\w.~+/-]+=*) *$/i.exec(authorization ?? '')?.[1];
}
