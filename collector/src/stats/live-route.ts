import { Type } from 'typebox';
import type { App } from '../app-types.js';
import { ProblemError } from '../errors.js';
import { createLive, type LiveParts } from './live.js';
import { scopeMembers } from './stats-parts.js';

const liveQuery = Type.Object(scopeMembers, { additionalProperties: false });

export interface LiveRouteParts extends LiveParts {
  /** How many may listen at one moment. */
  readonly maxListeners: number;
}

/** `GET /v1/stats/live`: the summary, now and whenever it changes. */
export function registerLiveRoute(app: App, parts: LiveRouteParts): void {
  const live = createLive(parts);
  let waiting = 0;
  let closing = false;
  app.addHook('preClose', (done) => {
    closing = true;
    live.close();
    done();
  });

  app.get(
    '/v1/stats/live',
    {
      schema: {
        summary: 'The summary, now and whenever it changes',
        description:
          'Server-sent events: `summary`, with the body of /v1/stats/summary, at once and whenever ' +
          'a figure has changed, at most once a second; a comment every 15 seconds. Whoever comes ' +
          'back gets the current one, so Last-Event-ID changes nothing.',
        tags: ['stats'],
        querystring: liveQuery,
        response: {
          200: {
            description: 'A stream that ends when the collector does, or the reader falls behind',
            content: { 'text/event-stream': { schema: Type.String() } },
          },
        },
      },
      config: {
        problems: ['busy', 'failing'],
        headers: { 'cache-control': 'no-store', 'x-accel-buffering': 'no: for proxies' },
      },
      // It would never end.
      exposeHeadRoute: false,
    },
    async (request, reply) => {
      if (live.listeners + waiting >= parts.maxListeners) {
        throw new ProblemError('busy', `At most ${parts.maxListeners} may listen at a time.`);
      }
      const project = request.query.project ?? null;
      waiting++;
      const first = await live.ask(project).finally(() => waiting--);
      if (closing) throw new ProblemError('closing', 'Send the request again later.');
      reply.hijack();
      reply.raw.writeHead(200, {
        'x-request-id': request.id,
        'content-type': 'text/event-stream',
        'cache-control': 'no-store',
        'x-accel-buffering': 'no',
        // The connection ends with the stream: closing must not wait for it.
        connection: 'close',
      });
      live.follow(project, first, reply.raw);
    },
  );
}
