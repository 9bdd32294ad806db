import { Type } from 'typebox';
import { openView, type View } from '../access/access.js';
import type { Guards, KeyOf } from '../access/guards.js';
import type { Level } from '../access/level.js';
import type { App } from '../app-types.js';
import { ProblemError } from '../errors.js';
import { accessOf, scopeMembers } from './define-question.js';
import { createListenerSlots, type ListenerLimits } from './listener-slots.js';
import { createLive, LIVE, type LiveParts } from './live.js';

const liveQuery = Type.Object(scopeMembers, { additionalProperties: false });

export interface LiveRouteParts extends LiveParts, ListenerLimits {
  /** Each of them, in this order, may refuse a request. */
  readonly guards: Guards;
  /** The key that the streams of a client are counted under. */
  readonly clientOf: KeyOf;
  /** Called for each stream. The returned function is called when it has ended. */
  readonly onStream: (level: Level) => () => void;
  /** A clock that never goes back, in milliseconds. */
  readonly monotonicMs: () => number;
}

/** After how long a public stream ends for another one where all places are taken. */
const ENDS_AFTER_MS = 60_000;

/** `GET /v1/stats/live`: the summary, now and whenever it changes. */
export function registerLiveRoute(app: App, parts: LiveRouteParts): void {
  const live = createLive(parts);
  const publicSlots = createListenerSlots({ ...parts, endsAfterMs: ENDS_AFTER_MS });
  // Strangers must not use up the places of those who run the collector.
  const { maxTokenListeners: maxListeners } = parts;
  const tokenSlots = createListenerSlots({ ...parts, maxListeners, endsAfterMs: undefined });
  let closing = false;
  app.addHook('preClose', (done) => {
    closing = true;
    live.close();
    done();
  });

  app.get(
    LIVE.path,
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
            description:
              'A stream that ends when the collector does, when the reader falls behind, when what it ' +
              'may see changes, or, without a token and after a minute, when all places are taken ' +
              'and another reader comes',
            content: { 'text/event-stream': { schema: Type.String() } },
          },
        },
      },
      config: {
        ...accessOf(LIVE),
        problems: ['rate_limited', 'too_many_streams', 'busy', 'failing'],
        headers: { 'cache-control': 'no-store', 'x-accel-buffering': 'no: for proxies' },
      },
      // A HEAD request would never end.
      exposeHeadRoute: false,
      onRequest: parts.guards,
    },
    async (request, reply) => {
      const project = request.query.project ?? null;
      const view = openView(parts.access, request, project, LIVE);
      const slots = parts.access.callerOf(request).id === null ? publicSlots : tokenSlots;
      let end = (): void => void reply.raw.destroy();
      const free = slots.take(parts.clientOf(request), () => end());
      const leave = parts.onStream(view.level);
      const release = (): void => {
        free();
        leave();
      };
      // If the client has left already, `close` is not emitted again.
      if (reply.raw.closed) release();
      else reply.raw.once('close', release);
      const first = await live.ask(project, view);
      if (closing) throw new ProblemError('closing', 'Send the request again later.');
      reply.hijack();
      for (const [name, value] of Object.entries(reply.getHeaders())) {
        if (value !== undefined) reply.raw.setHeader(name, value);
      }
      reply.raw.writeHead(200, {
        'content-type': 'text/event-stream',
        'cache-control': 'no-store',
        'x-accel-buffering': 'no',
        // The connection ends with the stream, so that closing need not wait for it.
        connection: 'close',
      });
      const caller = parts.access.callerOf(request);
      const viewNow = (): View | undefined =>
        parts.access.isCurrent(caller) ? parts.access.view(caller, project, LIVE) : undefined;
      end = live.follow({ project, view: viewNow }, view, first, reply.raw);
    },
  );
}
