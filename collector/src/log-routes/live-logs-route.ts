import type { ServerResponse } from 'node:http';
import { type Static, Type } from 'typebox';
import type { Access } from '../access/access.js';
import type { KeyOf } from '../access/guards.js';
import type { App } from '../app-types.js';
import { ProblemError } from '../errors.js';
import type { LogLine } from '../log-reading/log-line.js';
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
  const open = new Map<ServerResponse, Send>();
  let leave: (() => void) | undefined;
  /** A line is read once, however many listen. */
  const sendToAll = ({ text }: LoggedLine): void => {
    const line = parseJsonLine(text);
    if (line === undefined || line.message === PERFORMANCE) return;
    const event = Buffer.from(`event: log\ndata: ${JSON.stringify(line)}\n\n`);
    for (const send of open.values()) send(line, event);
  };
  let closing = false;
  app.addHook('preClose', (done) => {
    closing = true;
    for (const response of open.keys()) response.destroy();
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
      const heartbeat = setInterval(() => {
        if (!parts.access.isCurrent(caller)) raw.destroy();
        else if (raw.writableLength === 0) raw.write(HEARTBEAT);
      }, HEARTBEAT_EVERY_MS);
      heartbeat.unref();
      open.set(raw, follow(raw, request.query));
      leave ??= parts.logTee?.listen(sendToAll);
      raw.once('close', () => {
        clearInterval(heartbeat);
        free();
        open.delete(raw);
        if (open.size > 0) return;
        leave?.();
        leave = undefined;
      });
    },
  );
}

/** Sends a line to a reader, as it is on the wire. */
type Send = (line: LogLine, event: Buffer) => void;

/** Sends lines to a reader. What a slow one does not take is left out, and it is told how much. */
function follow(response: ServerResponse, filter: Static<typeof liveQuery>): Send {
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
  return (line, event) => {
    if (!isMeant(line, meant)) return;
    // Once a line is left out, none follows before that is told.
    if (leftOut === 0 && hasRoom(event.length)) response.write(event);
    else leftOut++;
    // Nothing is unread, so nothing will tell that there is room: the line itself was too long.
    if (!response.writableNeedDrain) tell();
  };
}
