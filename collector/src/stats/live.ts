import type { ServerResponse } from 'node:http';
import { type Askable, type View, viewKey } from '../access/access.js';
import type { Projects } from '../access/projects.js';
import { publicPart } from '../access/public-part.js';
import type { Counting } from '../counting/counting.js';
import { dayOf } from '../rules/day.js';
import { MAX_STREAMED_SHARES, topShares } from '../rules/top-shares.js';
import { type DailyCells, withCells } from './daily-cells.js';
import { CATCH_UP_MS, type StatsParts } from './define-question.js';
import { askSummary, SUMMARY_DIMENSIONS, type SummaryAnswer, toDistribution } from './summary.js';
import { tellOf } from './told-members.js';

/** The streams, as a question. */
export const LIVE = { path: '/v1/stats/live', level: 'restricted' } as const satisfies Askable;

export interface LiveParts extends StatsParts {
  readonly projects: StatsParts['projects'] & Pick<Projects, 'onChange'>;
  readonly dailyCells: DailyCells;
  readonly counting: StatsParts['counting'] & Pick<Counting, 'onCounted'>;
}

/** Somebody who listens, or wants to. */
export interface Listener {
  readonly project: string | null;
  /** What the listener sees at this moment; `undefined` once it is nothing. */
  readonly view: () => View | undefined;
}

/** The streams of summaries. A summary is computed once for all its listeners. */
export interface Live {
  /** The current summary. It is asked for before a stream starts, so that an error has a status. */
  ask(project: string | null, view: View): Promise<SummaryAnswer>;
  /**
   * Sends a summary and every later one until the response closes, or the listener sees more or
   * less than at first.
   *
   * @returns A function that ends it.
   */
  follow(
    listener: Listener,
    view: View,
    first: SummaryAnswer,
    response: ServerResponse,
  ): () => void;
  /** Ends every response at once. */
  close(): void;
}

/** The least time between two summaries, in milliseconds. */
const PUBLISH_EVERY_MS = 1000;

/** The time between two checks of what listeners see, in milliseconds. */
const CHECK_EVERY_MS = 1000;

/** The time between two comments, in milliseconds. They keep proxies from closing the stream. */
const HEARTBEAT_EVERY_MS = 15_000;

const HEARTBEAT = Buffer.from(': still here\n\n');

/** Unread bytes of a stream at most, and so of a message. A slower reader is disconnected. */
export const MAX_UNREAD_BYTES = 64 * 1024;

/** Listeners who see the same. */
interface Channel {
  readonly project: string | null;
  view: View;
  readonly responses: Map<ServerResponse, Listener>;
  /** The last sent figures, without their moments. */
  sent: string;
  day: number;
}

/** Creates the streams. They do nothing without listeners. */
export function createLive(parts: LiveParts): Live {
  const { counting, projects, now } = parts;
  const channels = new Map<string, Channel>();
  let timers: { stop(): void } | undefined;
  let due: NodeJS.Timeout | undefined;
  let publishing = false;

  const todayOf = (project: string | null): number =>
    dayOf(now().getTime(), projects.zoneOf(project));
  const compute = async (project: string | null, view: View): Promise<SummaryAnswer> => {
    const asOf = await counting.caughtUp(CATCH_UP_MS);
    const scope = { project, zone: projects.zoneOf(project), today: todayOf(project), asOf };
    const told = projects.toldOf(project);
    const asked = await withCells(
      parts.dailyCells,
      { ...scope, told, ...view },
      SUMMARY_DIMENSIONS,
      true,
    );
    const counted = await askSummary(parts.store, asked);
    const summary = { ...counted, ...tellOf(told) };
    return toMessage(
      view.level === 'public' ? publicPart(LIVE.path, view.visibility, summary) : summary,
    );
  };
  const onTheWay = new Map<string, Promise<SummaryAnswer>>();
  /** Many who come at once share one summary: each gets a later one if it has changed meanwhile. */
  const ask = (project: string | null, view: View): Promise<SummaryAnswer> => {
    const key = `${viewKey(view)} ${project ?? ''}`;
    const found = onTheWay.get(key);
    if (found !== undefined) return found;
    const computing = compute(project, view).finally(() => onTheWay.delete(key));
    onTheWay.set(key, computing);
    return computing;
  };
  const publish = async (): Promise<void> => {
    for (const channel of channels.values()) {
      const summary = await ask(channel.project, channel.view);
      // Meanwhile a token may have been revoked, or a project hidden.
      check();
      channel.day = todayOf(channel.project);
      const figures = figuresOf(summary);
      if (figures === channel.sent) continue;
      channel.sent = figures;
      const event = toEvent(summary);
      for (const response of channel.responses.keys()) sendOrDrop(response, event);
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
  const check = (): void => {
    for (const [key, channel] of channels) {
      for (const [response, listener] of channel.responses) {
        const view = listener.view();
        if (view === undefined || keyOf(channel.project, view) !== key) end(key, response);
        else channel.view = view;
      }
    }
  };
  const beat = (): void => {
    for (const { project, responses, day } of channels.values()) {
      for (const response of responses.keys()) sendOrDrop(response, HEARTBEAT);
      if (todayOf(project) !== day) schedule();
    }
  };
  const begin = (): void => {
    const heartbeat = setInterval(beat, HEARTBEAT_EVERY_MS).unref();
    const checks = setInterval(check, CHECK_EVERY_MS).unref();
    const unsubscribe = counting.onCounted(schedule);
    // A change of one project's visibility changes the sums over all.
    const unsubscribeFromProjects = projects.onChange(schedule);
    timers = {
      stop: () => {
        clearInterval(heartbeat);
        clearInterval(checks);
        clearTimeout(due);
        due = undefined;
        unsubscribe();
        unsubscribeFromProjects();
      },
    };
  };
  const leave = (key: string, response: ServerResponse): void => {
    const channel = channels.get(key);
    if (channel?.responses.delete(response) !== true) return;
    if (channel.responses.size === 0) channels.delete(key);
    if (channels.size > 0) return;
    timers?.stop();
    timers = undefined;
  };
  const end = (key: string, response: ServerResponse): void => {
    leave(key, response);
    if (response.writableLength > 0) response.destroy();
    else response.end();
  };
  const endAll = (): void => {
    for (const [key, { responses }] of channels) {
      for (const response of responses.keys()) end(key, response);
    }
  };

  return {
    ask,
    follow: (listener, view, first, response) => {
      const { project } = listener;
      const key = keyOf(project, view);
      const endThis = (): void => end(key, response);
      if (response.destroyed) return endThis;
      const channel = channels.get(key) ?? {
        project,
        view,
        responses: new Map(),
        sent: figuresOf(first),
        day: todayOf(project),
      };
      channels.set(key, channel);
      channel.responses.set(response, listener);
      response.once('close', () => leave(key, response));
      if (timers === undefined) begin();
      sendOrDrop(response, toEvent(first));
      // Publishes what was counted while the first summary was computed.
      schedule();
      return endThis;
    },
    close: endAll,
  };
}

/** Listeners with the same key get the same messages. The projects of a sum may change meanwhile. */
const keyOf = (project: string | null, view: View): string =>
  `${viewKey({ ...view, among: null })} ${project ?? ''}`;

/** Sends bytes, or disconnects a reader that would have too many unread ones. */
export function sendOrDrop(response: ServerResponse, bytes: Buffer): void {
  if (response.writableLength + bytes.length > MAX_UNREAD_BYTES) response.destroy();
  else response.write(bytes);
}

function figuresOf(summary: SummaryAnswer): string {
  return JSON.stringify({ ...summary, as_of: null, last_updated: null });
}

/** One message, which all responses of a channel share. */
function toEvent(summary: SummaryAnswer): Buffer {
  return Buffer.from(`event: summary\nid: ${summary.as_of}\ndata: ${JSON.stringify(summary)}\n\n`);
}

/** A summary with fewer values, so that a message stays below {@link MAX_UNREAD_BYTES}. */
function toMessage(summary: SummaryAnswer): SummaryAnswer {
  const most = (distribution: Record<string, number>): Record<string, number> =>
    toDistribution(
      topShares(
        Object.entries(distribution).map(([value, users]) => ({ value, users })),
        MAX_STREAMED_SHARES,
      ),
    );
  return {
    ...summary,
    os_distribution: most(summary.os_distribution),
    version_distribution: most(summary.version_distribution),
  };
}
