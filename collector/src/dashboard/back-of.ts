import type { FastifyRequest } from 'fastify';

/** The path of the page that a form was sent from; `null` for what is no form. */
export function backOf({ method, url }: FastifyRequest): string | null {
  if (method !== 'POST') return null;
  // Signing out has no page of its own.
  return url.startsWith('/sign-out') ? '/' : url;
}
