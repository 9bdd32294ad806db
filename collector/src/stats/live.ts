import type { ServerResponse } from 'node:http';
import type { Counting } from '../counting/counting.js';
import { dayOf } from '../rules/day.js';
import { CATCH_UP_MS, type StatsParts } from './define-question.js';
import { askSummary, type SummaryAnswer } from './summary.js';

export interface LiveParts extends StatsParts {
  readonly counting: StatsParts['counting'] & Pick<Counting, 'onCounted'>;
}

/** The streams of summaries. A summary is computed once for all its listeners. */
export interface Live {
  /** The current summary. It is asked for before a stream starts, so that an error has a status. */
  ask(project: string | null): Promise<SummaryAnswer>;
  /** Sends a summary and every later one until the response closes. */
  follow(project: string | null, first: SummaryAnswer, response: ServerResponse): void;
  /** Ends every response at once. */
  close(): void;
}

/** The least time between two summaries, in milliseconds. */
const PUBLISH_EVERY_MS = 1000;

/** The time between two comments, in milliseconds. They keep proxies from closing the stream. */
const HEARTBEAT_EVERY_MS = 15_000;

/** Unread bytes of a stream at most. A slower reader is disconnected. */
export const MAX_UNREAD_BYTES = 256 * 1024;

interface Channel {
  readonly responses: Set<ServerResponse>;
  /** The last sent figures, without their moments. */
  sent: string;
  day: number;
}

/** Creates the streams. They do nothing without listeners. */
export function createLive(parts: LiveParts): Live {
  const { counting, projects, now } = parts;
  const channels = new Map<string | null, Channel>();
  let timers: { stop(): void } | undefined;
  let due: NodeJS.Timeout | undefined;
  let publishing = false;

  const todayOf = (project: string | null): number =>
    dayOf(now().getTime(), projects.zoneOf(project));
  const ask = async (project: string | null): Promise<SummaryAnswer> => {
    const asOf = await counting.caughtUp(CATCH_UP_MS);
    const asked = { project, zone: projects.zoneOf(project), today: todayOf(project), asOf };
    return askSummary(parts.store, asked);
  };
  const publish = async (): Promise<void> => {
    for (const [project, channel] of channels) {
      const summary = await ask(project);
      channel.day = todayOf(project);
      const figures = figuresOf(summary);
      if (figures === channel.sent) continue;
      channel.sent = figures;
      for (const response of channel.responses) sendOrDrop(response, toEvent(summary));
    }
  };
  const schedule = (): void => {
    if (due !== undefined || publishing || channels.size === 0) return;
    due = setTimeout(() => {
      due = undefined;
      publishing = true;
      const version = counting.version;
      publish()
        // Clients that connect again get the error with a status.
        .catch(endAll)
        .finally(() => {
          publishing = false;
          if (counting.version !== version) schedule();
        });
    }, PUBLISH_EVERY_MS);
    due.unref();
  };
  const beat = (): void => {
    for (const [project, { responses, day }] of channels) {
      for (const response of responses) sendOrDrop(response, ': still here\n\n');
      if (todayOf(project) !== day) schedule();
    }
  };
  const begin = (): void => {
    const heartbeat = setInterval(beat, HEARTBEAT_EVERY_MS).unref();
    const unsubscribe = counting.onCounted(schedule);
    timers = {
      stop: () => {
        clearInterval(heartbeat);
        clearTimeout(due);
        due = undefined;
        unsubscribe();
      },
    };
  };
  const leave = (project: string | null, response: ServerResponse): void => {
    const channel = channels.get(project);
    if (channel?.responses.delete(response) !== true) return;
    if (channel.responses.size === 0) channels.delete(project);
    if (channels.size > 0) return;
    timers?.stop();
    timers = undefined;
  };
  const endAll = (): void => {
    for (const [project, { responses }] of channels) {
      for (const response of responses) {
        leave(project, response);
        if (response.writableLength > 0) response.destroy();
        else response.end();
      }
    }
  };

  return {
    ask,
    follow: (project, first, response) => {
      if (response.destroyed) return;
      const channel = channels.get(project) ?? {
        responses: new Set(),
        sent: figuresOf(first),
        day: todayOf(project),
      };
      channels.set(project, channel);
      channel.responses.add(response);
      response.once('close', () => leave(project, response));
      if (timers === undefined) begin();
      sendOrDrop(response, toEvent(first));
      // Publishes what was counted while the first summary was computed.
      schedule();
    },
    close: endAll,
  };
}

/** Sends a text, or disconnects a reader with too many unread bytes. */
export function sendOrDrop(response: ServerResponse, text: string): void {
  if (response.writableLength > MAX_UNREAD_BYTES) response.destroy();
  else response.write(text);
}

function figuresOf(summary: SummaryAnswer): string {
  return JSON.stringify({ ...summary, as_of: null, last_updated: null });
}

function toEvent(summary: SummaryAnswer): string {
  return `event: summary\nid: ${summary.as_of}\ndata: ${JSON.stringify(summary)}\n\n`;
}
