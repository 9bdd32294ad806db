import { setTimeout as wait } from 'node:timers/promises';
import type pg from 'pg';
import type { NodeBacklog, Nodes } from '../../shared-store.js';
import { StoreDownError } from '../../../store-down-error.js';
import { type Connection, connectionOf } from '../connection.js';
import { FIND_GONE_NODES } from '../server-watch.js';
import type { StoreAddress } from '../store-address.js';
import { asStoreError } from '../as-store-error.js';
import { connectTo } from '../writing-connection.js';
import {
  findNodes,
  forgetNodes,
  giveUpNode,
  type NodesSeen,
  noteGone,
  noteSeen,
} from './node-rows.js';
import { readClockLead } from './store-clock.js';
import { CHANNEL_SQL, SharedDocumentError } from './shared-mirror.js';

export interface NodeSessionOptions {
  readonly store: StoreAddress;
  /** A UUID that no other node has, and this one had at no earlier start. */
  readonly node: string;
  /** How often the node tells that it is up, and looks at what others do, in milliseconds. */
  readonly everyMs: number;
  /** The clock of the node. */
  readonly now: () => Date;
  /** Looks at what other nodes have changed: at each connection, notice and interval. */
  readonly look: () => Promise<void>;
  /** Called when it has connected, also again: perhaps to another server. */
  readonly onConnect: () => void;
  /** Called with how far the clock is ahead of that of the store, in milliseconds. */
  readonly onClock: (leadMs: number) => void;
  /** Called with errors. It tries again. */
  readonly onFailure: (error: unknown) => void;
  /** Called when it works again. */
  readonly onRecovery: () => void;
}

/** The session of a node, in which it listens, tells that it is up, and may lead. */
export interface NodeSession extends Nodes {
  close(): Promise<void>;
}

/** A node that was not seen for so many intervals is taken for one that is gone. */
const MISSED_INTERVALS = 3;

/** How long a look may take until the session is given up, in milliseconds. */
const LOOK_MS = 10_000;

/** How long after a failure it connects again, in milliseconds. */
const RETRY_MS = 1000;

/** The least time between two notices that something was counted, in milliseconds. */
const TELL_EVERY_MS = 1000;

/**
 * Opens the session. It is a connection of its own: a lock and what is listened to belong to a session,
 * which a pool would lend to others.
 */
export async function openNodeSession(options: NodeSessionOptions): Promise<NodeSession> {
  const { store, node, everyMs, now, look, onConnect, onClock, onFailure, onRecovery } = options;
  const goneAfterMs = everyMs * MISSED_INTERVALS;
  const closing = new AbortController();
  const listeners = new Set<() => void>();
  let client: pg.Client | undefined;
  let woken = new AbortController();
  let state: NodesSeen & { readonly isLeader: boolean } = { up: 1, gone: [], isLeader: false };
  let readBacklog: (() => NodeBacklog) | undefined;
  let clockLeadMs = 0;
  let connectedMs = 0;
  let hasFailed = false;
  let isTold = true;
  let tellTimer: NodeJS.Timeout | undefined;

  const leave = (): void => {
    const left = client;
    client = undefined;
    state = { ...state, isLeader: false };
    void left?.end().catch(() => undefined); // it is lost already
    woken.abort();
  };
  const hear = ({ payload = '' }: pg.Notification): void => {
    const [what, who] = payload.split(' ');
    if (what !== 'counted') woken.abort();
    else if (who !== node) for (const listener of listeners) listener();
  };
  const connect = async (given: AbortSignal): Promise<Connection> => {
    if (client !== undefined) return connectionOf(client);
    const opened = await connectTo(store);
    if (given.aborted) {
      await opened.end();
      given.throwIfAborted();
    }
    client = opened;
    connectedMs = performance.now();
    const leaveThis = (): void => {
      if (client === opened) leave();
    };
    opened.on('error', leaveThis).on('end', leaveThis).on('notification', hear);
    const connection = connectionOf(opened);
    await connection.exec(FIND_GONE_NODES);
    const row = await connection.get<{ channel: string }>(`SELECT ${CHANNEL_SQL} AS channel`);
    await connection.exec(`LISTEN ${row?.channel ?? ''}`);
    await noteSeen(connection, node, readBacklog?.());
    await connection.run(TELL, ['nodes']);
    onConnect();
    // Whatever the others have told meanwhile was not heard.
    for (const listener of listeners) listener();
    return connection;
  };
  const beat = async (given: AbortSignal): Promise<void> => {
    const connection = await connect(given);
    await noteSeen(connection, node, readBacklog?.());
    onClock((clockLeadMs = await readClockLead(connection, now)));
    const { up, gone } = await findNodes(connection, goneAfterMs);
    // After an outage the others need a moment to come back too.
    const mayKnow = performance.now() - connectedMs >= goneAfterMs;
    const isLeader = state.isLeader || (await connection.get<{ led: boolean }>(LEAD))?.led === true;
    if (isLeader && !state.isLeader) await forgetNodes(connection);
    if (client !== undefined) {
      state = { up: Math.max(1, up), gone: mayKnow ? gone : state.gone, isLeader };
    }
    await look();
    if (hasFailed) onRecovery();
    hasFailed = false;
    if (!isTold) tell();
  };
  const tell = (): void => {
    isTold = false;
    if (tellTimer !== undefined || client === undefined) return;
    isTold = true;
    // A session that is lost is told again by the next one.
    connectionOf(client)
      .run(TELL, [`counted ${node}`])
      .catch(() => (isTold = false));
    tellTimer = setTimeout(() => {
      tellTimer = undefined;
      if (!isTold) tell();
    }, TELL_EVERY_MS).unref();
  };
  const beatInTime = async (): Promise<void> => {
    const [timer, given] = [new AbortController(), new AbortController()];
    const late = wait(LOOK_MS, undefined, { signal: timer.signal }).then(() => {
      const error = new Error(`The store has not answered within ${LOOK_MS} ms.`);
      // What connects after all must not lead beside the next session.
      given.abort(error);
      throw error;
    });
    try {
      await Promise.race([beat(given.signal), late]);
    } finally {
      timer.abort();
      late.catch(() => undefined); // it was stopped
    }
  };
  const run = async (): Promise<void> => {
    while (!closing.signal.aborted) {
      const ms = client === undefined ? Math.min(RETRY_MS, everyMs) : everyMs;
      await pause(ms, AbortSignal.any([closing.signal, woken.signal]));
      if (closing.signal.aborted) return;
      // Notices that come from here on are for the next look.
      woken = new AbortController();
      await beatInTime().catch((error: unknown) => {
        hasFailed = true;
        if (error instanceof SharedDocumentError) {
          // The session is as good as before.
          onFailure(error);
          return;
        }
        leave();
        woken = new AbortController();
        onFailure(asStoreError(error, true));
      });
    }
  };
  await beatInTime().catch((error: unknown) => {
    leave();
    throw asStoreError(error, true);
  });
  const running = run();

  return {
    get up() {
      return state.up;
    },
    get isLeader() {
      return state.isLeader;
    },
    get gone() {
      return state.gone;
    },
    get clockLeadMs() {
      return clockLeadMs;
    },
    tellBacklog: (read) => {
      readBacklog = read;
      woken.abort();
    },
    forget: async (gone) => {
      if (client === undefined) throw new StoreDownError('The store is away.');
      const connection = connectionOf(client);
      await giveUpNode(connection, gone, goneAfterMs);
      await connection.run(TELL, ['nodes']);
      state = { ...state, gone: state.gone.filter((one) => one !== gone) };
    },
    tellCounted: tell,
    onCounted: (listener) => void listeners.add(listener),
    close: async () => {
      closing.abort();
      clearTimeout(tellTimer);
      await running;
      if (client === undefined) return;
      const connection = connectionOf(client);
      const left = readBacklog?.();
      const isDone = left === undefined || left.reports === 0;
      const leaving = isDone ? noteGone(connection, node) : noteSeen(connection, node, left);
      const bye = leaving.then(() => connection.run(TELL, ['nodes']));
      await bye.catch(() => undefined); // the others find out by themselves
      leave();
    },
  };
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await wait(ms, undefined, { signal, ref: false }).catch(() => undefined); // it was woken
}

const LEAD = `SELECT pg_try_advisory_lock(hashtextextended(${CHANNEL_SQL} || ' leader', 0)) AS led`;

const TELL = `SELECT pg_notify(${CHANNEL_SQL}, $1)`;
