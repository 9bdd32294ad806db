import { randomBytes } from 'node:crypto';
import type { Caller } from './caller.js';
import type { TokenCheck } from './token-check.js';
import { isStoreDown } from '../store-down-error.js';
import { hashSecret } from './secret.js';
import type { SessionStore, StoredSession } from './session-file.js';
import { byCreation, type TokenView } from './tokens.js';

/** A session as lists show it. */
export type SessionView = Pick<StoredSession, 'id' | 'created_at' | 'last_seen_at' | 'expires_at'>;

/** A session that was just begun. Its secret is not kept and cannot be told again. */
export interface NewSession {
  readonly secret: string;
  readonly view: SessionView;
}

/** A session that a request has come with. */
export interface FoundSession {
  readonly view: SessionView;
  /** Whose token it stands for. */
  readonly caller: Caller;
}

/** The sessions of people who have signed in by a token. Each ends with its token. */
export interface Sessions {
  /**
   * Begins a session for the holder of a token.
   *
   * @param replaced - The ID of the session that ends for it.
   */
  start(caller: Caller, replaced?: string): Promise<NewSession>;
  /** The session of a secret; `undefined` if it is unknown or has ended. */
  find(secret: string): FoundSession | undefined;
  /** Whether the session with an ID goes on. */
  isCurrent(id: string): boolean;
  /** Those of a token, the newest first. */
  list(token: string): readonly SessionView[];
  /**
   * Ends a session of a token or, without an ID, all of them. It is durable when it resolves.
   *
   * @returns The IDs of those that have ended.
   */
  end(token: string, id?: string): Promise<readonly string[]>;
  /** Keeps when sessions were seen. */
  close(): Promise<void>;
}

/** How long a session lasts: a working day, in milliseconds. */
export const SESSION_MS = 12 * 60 * 60 * 1000;

/** Sessions of one token at most; the oldest one goes. */
export const MAX_SESSIONS_OF_TOKEN = 20;

/** Sessions at most; the oldest one goes. */
export const MAX_SESSIONS = 1000;

/** When a session was seen is told in such steps, so that looking at pages costs few writes. */
const SEEN_STEP_MS = 5 * 60 * 1000;

/** How long moments are gathered before they are written, in milliseconds. */
const FLUSH_MS = 5000;

export interface SessionsOptions {
  readonly store: SessionStore;
  readonly tokens: Pick<TokenCheck, 'callerOf'> & { list(): readonly TokenView[] };
  readonly now: () => Date;
  /** Called with errors that no request is answered with. */
  readonly onFailure: (error: unknown) => void;
}

/** Opens the sessions. */
export function openSessions({ store, tokens, now, onFailure }: SessionsOptions): Sessions {
  /** When sessions were seen, by the hashes of their secrets, as far as it is not written yet. */
  const seen = new Map<string, string>();
  let timer: NodeJS.Timeout | undefined;
  let lastFlush: Promise<unknown> = Promise.resolve();

  const callerOf = (session: StoredSession): Caller | undefined => {
    const { id, token, token_sha256, expires_at } = session;
    if (Date.parse(expires_at) <= now().getTime()) return undefined;
    const caller = tokens.callerOf(token, token_sha256);
    return caller && { ...caller, session: id };
  };
  const viewOf = ({ sha256, ...session }: StoredSession): SessionView => {
    const { id, created_at, last_seen_at, expires_at } = session;
    return { id, created_at, last_seen_at: seen.get(sha256) ?? last_seen_at, expires_at };
  };
  const known = (): StoredSession[] => [...(store.read()?.values() ?? [])];
  /** Those that go on, the oldest first. */
  const current = (sessions: Iterable<StoredSession>): StoredSession[] =>
    [...sessions].filter((session) => callerOf(session) !== undefined).sort(byCreation);
  const change = <Result>(
    edit: (sessions: Map<string, StoredSession>) => Result,
  ): Promise<Result> =>
    store.change((sessions) => {
      for (const session of [...sessions.values()]) {
        if (callerOf(session) === undefined) sessions.delete(session.sha256);
      }
      return edit(sessions);
    });
  const flush = async (): Promise<void> => {
    timer = undefined;
    const moments = [...seen];
    await change((sessions) => {
      for (const [sha256, last_seen_at] of moments) {
        const session = sessions.get(sha256);
        if (session !== undefined) sessions.set(sha256, { ...session, last_seen_at });
      }
    });
    for (const [sha256, at] of moments) if (seen.get(sha256) === at) seen.delete(sha256);
  };
  const noteSeen = (session: StoredSession): void => {
    const step = Math.floor(now().getTime() / SEEN_STEP_MS) * SEEN_STEP_MS;
    if (step <= Date.parse(viewOf(session).last_seen_at)) return;
    seen.set(session.sha256, new Date(step).toISOString());
    timer ??= setTimeout(() => {
      lastFlush = flush().catch(onFailure);
    }, FLUSH_MS).unref();
  };
  const isGoingOn = (session: StoredSession | undefined): boolean =>
    session !== undefined && callerOf(session) !== undefined;
  return {
    start: async (caller, replaced) => {
      const token = caller.id ?? '';
      const secret = randomBytes(32).toString('base64url');
      const begun = now();
      const lasts = tokens.list().find(({ id }) => id === token)?.expires_at ?? null;
      const end = begun.getTime() + SESSION_MS;
      const session: StoredSession = {
        id: randomBytes(5).toString('hex'),
        sha256: hashSecret(secret).toString('hex'),
        token,
        token_sha256: caller.secret ?? '',
        created_at: begun.toISOString(),
        expires_at: new Date(lasts === null ? end : Math.min(end, Date.parse(lasts))).toISOString(),
        last_seen_at: begun.toISOString(),
      };
      const started = change((sessions) => {
        const remove = (some: readonly StoredSession[]): void =>
          some.forEach(({ sha256 }) => sessions.delete(sha256));
        remove([...sessions.values()].filter(({ id }) => id === replaced));
        const all = current(sessions.values());
        const own = all.filter((one) => one.token === token);
        remove(own.slice(0, Math.max(0, own.length - MAX_SESSIONS_OF_TOKEN + 1)));
        remove(all.slice(0, Math.max(0, sessions.size - MAX_SESSIONS + 1)));
        sessions.set(session.sha256, session);
      });
      await started.catch((error: unknown) => {
        if (isStoreDown(error)) throw error;
        // On a disk that is full, people need to look: the session lasts until the process ends.
        onFailure(error);
      });
      return { secret, view: viewOf(session) };
    },
    find: (secret) => {
      const session = store.read()?.get(hashSecret(secret).toString('hex'));
      if (session === undefined) return undefined;
      const caller = callerOf(session);
      if (caller === undefined) return undefined;
      noteSeen(session);
      return { caller, view: viewOf(session) };
    },
    isCurrent: (id) => isGoingOn(known().find((one) => one.id === id)),
    list: (token) =>
      current(known().filter((session) => session.token === token))
        .map(viewOf)
        .reverse(),
    end: async (token, id) => {
      const isEnded = (session: StoredSession): boolean =>
        session.token === token && (id === undefined || session.id === id);
      if (!current(known()).some(isEnded)) return [];
      return change((sessions) => {
        const ended = current(sessions.values()).filter(isEnded);
        for (const { sha256 } of ended) sessions.delete(sha256);
        return ended.map((session) => session.id);
      });
    },
    close: async () => {
      if (timer !== undefined) {
        clearTimeout(timer);
        await flush().catch(onFailure);
      }
      await lastFlush;
    },
  };
}
