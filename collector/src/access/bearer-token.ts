import type { IncomingHttpHeaders } from 'node:http';

/** The token of `Authorization: Bearer`, if there is one (RFC 6750). */
export function bearerToken({ authorization }: IncomingHttpHeaders): string | undefined {
  return /^Bearer +([\w.~+/-]+=*) *$/i.exec(authorization ?? '')?.[1];
}
