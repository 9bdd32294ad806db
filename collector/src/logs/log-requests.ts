import type { Logger } from 'pino';
import type { App } from '../app-types.js';

/** Logs each request by its route, never by its URL, which may hold what a client sent. */
export function logRequests(app: App, logger: Logger): void {
  app.addHook('onResponse', async (request, reply) => {
    logger.info(
      {
        request_id: request.id,
        method: request.method,
        route: request.routeOptions.url ?? 'unknown',
        status: reply.statusCode,
        ms: Math.round(reply.elapsedTime),
      },
      'request',
    );
  });
}
