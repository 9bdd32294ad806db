import type { ServerResponse } from 'node:http';
import { type Static, Type } from 'typebox';
import type { Access } from '../access/access.js';
import type { KeyOf } from '../access/guards.js';
import type { App } from '../app-types.js';
import { ProblemError } from '../errors.js';
import { parseJsonLine } from '../log-reading/parse-json-line.js';
import { isMeant, type LineFilter } from '../log-reading/read-log-page.js';
import { PERFORMANCE } from '../logs/log-names.js';
import type { LoggedLine, LogTee } from '../logs/log-tee.js';
import { createListenerSlots, type ListenerLimits } from '../stats/listener-slots.js';
import { MAX_UNREAD_BYTES } from '../stats/live.js';
import { filterMembers } from './log-parameters.js';

export interface LiveLogsParts extends ListenerLimits {
  readonly logTee: Pick<LogTee, 'listen'> | undefined;
  readonly access: Pick<Access, 'callerOf' | 'isCurrent'>;
  /** The key that the streams of a client are counted under. */
  readonly clientOf: KeyOf;
  /** Milliseconds of a clock that never goes back. */
  readonly monotonicMs: () => number;
}

const liveQuery = Type.Object(filterMembers, { additionalProperties: false });

const HEARTBEAT_EVERY_MS = 15_000;

const HEARTBEAT = ': still here\n\n';

/** `GET /v1/logs/live`: each line as it is logged, with or without files. */
export function registerLiveLogsRoute(app: App, parts: LiveLogsParts): void {
  const slots = createListenerSlots({
    ...parts,
    maxListeners: parts.maxTokenListeners,
    endsAfterMs: undefined,
  });
  const open = new Set<ServerResponse>();
  let closing = false;
  app.addHook('preClose', (done) => {
    closing = true;
    for (const response of open) response.destroy();
    done();
  });
  app.get(
    '/v1/logs/live',
    {
      schema: {
        summary: 'Each line of the log from now on',
        description:
          'Server-sent events: `log`, with a line as /v1/logs has it; `left_out`, with the number of lines ' +
          'that a slow reader did not get; a comment every 15 seconds.',
        tags: ['administration'],
        querystring: liveQuery,
        response: {
          200: {
            description: 'A stream that ends when the collector does, or when the token is revoked',
            content: { 'text/event-stream': { schema: Type.String() } },
          },
        },
      },
      config: {
        level: 'developer',
        problems: ['too_many_streams', 'busy'],
        headers: { 'cache-control': 'no-store', 'x-accel-buffering': 'no: for proxies' },
      },
      // A HEAD request would never end.
      exposeHeadRoute: false,
    },
    (request, reply) => {
      const { raw } = reply;
      const free = slots.take(parts.clientOf(request), () => void raw.destroy());
      if (closing || raw.closed) {
        free();
        throw new ProblemError('closing', 'Send the request again later.');
      }
      reply.hijack();
      for (const [name, value] of Object.entries(reply.getHeaders())) {
        if (value !== undefined) raw.setHeader(name, value);
      }
      raw.writeHead(200, {
        'content-type': 'text/event-stream',
        'cache-control': 'no-store',
        'x-accel-buffering': 'no',
        // The connection ends with the stream, so that closing need not wait for it.
        connection: 'close',
      });
      raw.write(HEARTBEAT);
      const caller = parts.access.callerOf(request);
      const send = follow(raw, request.query);
      const leave = parts.logTee?.listen(send);
      const heartbeat = setInterval(() => {
        if (!parts.access.isCurrent(caller)) raw.destroy();
        else if (raw.writableLength === 0) raw.write(HEARTBEAT);
      }, HEARTBEAT_EVERY_MS);
      heartbeat.unref();
      open.add(raw);
      raw.once('close', () => {
        clearInterval(heartbeat);
        leave?.();
        free();
        open.delete(raw);
      });
    },
  );
}

/** Sends lines to a reader. What a slow one does not take is left out, and it is told how much. */
function follow(response: ServerResponse, filter: Static<typeof liveQuery>) {
  let leftOut = 0;
  const meant: LineFilter = filter;
  const hasRoom = (bytes: number): boolean => response.writableLength + bytes <= MAX_UNREAD_BYTES;
  const tell = (): void => {
    if (leftOut === 0) return;
    const notice = `event: left_out\ndata: {"lines":${leftOut}}\n\n`;
    leftOut = 0;
    response.write(notice);
  };
  response.on('drain', tell);
  return ({ text }: LoggedLine): void => {
    const line = parseJsonLine(text);
    if (line === undefined || line.message === PERFORMANCE || !isMeant(line, meant)) return;
    const event = `event: log\ndata: ${JSON.stringify(line)}\n\n`;
    // Once a line is left out, none follows before that is told.
    if (leftOut > 0 || !hasRoom(Buffer.byteLength(event))) leftOut++;
    else response.write(event);
  };
}
