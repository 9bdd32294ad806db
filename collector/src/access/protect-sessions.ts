import type { FastifyRequest } from 'fastify';
import type { App } from '../app-types.js';
import type { BrowserSessions } from './browser-sessions.js';
import { isReading } from './request-origin.js';

type Protection = Pick<BrowserSessions, 'forgeryOf' | 'sessionOf'>;

/**
 * Refuses, at every route, what a page of another origin sends in the name of somebody who has signed
 * in, and keeps answers to them out of shared caches.
 */
export function protectSessions(app: App, { forgeryOf, sessionOf }: Protection): void {
  app.addHook('onRequest', (request, _reply, done) => {
    done(isReading(request) || isForm(request) ? undefined : forgeryOf(request));
  });
  // The key of a form is in its body, which is read after the hooks above.
  app.addHook('preValidation', (request, _reply, done) => {
    done(isForm(request) ? forgeryOf(request) : undefined);
  });
  app.addHook('onSend', async (request, reply) => {
    if (request.headers.cookie === undefined || sessionOf(request) === undefined) return;
    const isStored = reply.getHeader('cache-control') !== 'no-store';
    if (isStored) reply.header('cache-control', 'private, no-cache');
  });
}

const isForm = (request: FastifyRequest): boolean =>
  request.routeOptions.config.takesForms === true &&
  !isReading(request) &&
  /^application\/x-www-form-urlencoded\b/i.test(request.headers['content-type'] ?? '');
