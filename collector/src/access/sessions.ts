import { randomBytes } from 'node:crypto';
import type { Caller } from './caller.js';
import type { TokenCheck } from './token-check.js';
import { hashSecret } from './secret.js';
import type { SessionStore, StoredSession } from './session-file.js';
import type { TokenView } from './tokens.js';

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

/** Opens the sessions. Those that cannot be read have ended. */
export function openSessions({ store, tokens, now, onFailure }: SessionsOptions): Sessions {
  /** By the hashes of their secrets, the oldest first. */
  const known = new Map<string, StoredSession>();
  let timer: NodeJS.Timeout | undefined;
  let lastWrite: Promise<unknown> = Promise.resolve();

  try {
    for (const session of store.read()) known.set(session.sha256, session);
  } catch (error) {
    onFailure(error);
  }

  const save = (): Promise<void> => {
    clearTimeout(timer);
    timer = undefined;
    const work = (): Promise<void> => store.write([...known.values()]);
    const next = lastWrite.then(work, work);
    lastWrite = next.catch(() => undefined);
    return next;
  };
  const remove = (sessions: readonly StoredSession[]): void => {
    for (const { sha256 } of sessions) known.delete(sha256);
  };
  const callerOf = (session: StoredSession): Caller | undefined => {
    const { id, token, token_sha256, expires_at } = session;
    if (Date.parse(expires_at) <= now().getTime()) return undefined;
    const caller = tokens.callerOf(token, token_sha256);
    return caller && { ...caller, session: id };
  };
  const dropEnded = (): void =>
    remove([...known.values()].filter((session) => callerOf(session) === undefined));
  const noteSeen = (session: StoredSession): StoredSession => {
    const step = Math.floor(now().getTime() / SEEN_STEP_MS) * SEEN_STEP_MS;
    if (step <= Date.parse(session.last_seen_at)) return session;
    const seen = { ...session, last_seen_at: new Date(step).toISOString() };
    known.set(seen.sha256, seen);
    timer ??= setTimeout(() => void save().catch(onFailure), FLUSH_MS).unref();
    return seen;
  };
  return {
    start: async (caller, replaced) => {
      const token = caller.id ?? '';
      dropEnded();
      remove([...known.values()].filter(({ id }) => id === replaced));
      const all = [...known.values()];
      const own = all.filter((session) => session.token === token);
      remove(own.slice(0, Math.max(0, own.length - MAX_SESSIONS_OF_TOKEN + 1)));
      remove(all.slice(0, Math.max(0, known.size - MAX_SESSIONS + 1)));
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
      known.set(session.sha256, session);
      // On a disk that is full, people need to look: the session lasts until the process ends.
      await save().catch(onFailure);
      return { secret, view: viewOf(session) };
    },
    find: (secret) => {
      const session = known.get(hashSecret(secret).toString('hex'));
      if (session === undefined) return undefined;
      const caller = callerOf(session);
      return caller && { caller, view: viewOf(noteSeen(session)) };
    },
    isCurrent: (id) => {
      const session = [...known.values()].find((one) => one.id === id);
      return session !== undefined && callerOf(session) !== undefined;
    },
    list: (token) => {
      dropEnded();
      const own = [...known.values()].filter((session) => session.token === token);
      return own.map(viewOf).reverse();
    },
    end: async (token, id) => {
      dropEnded();
      const ended = [...known.values()].filter(
        (session) => session.token === token && (id === undefined || session.id === id),
      );
      if (ended.length === 0) return [];
      remove(ended);
      await save();
      return ended.map((session) => session.id);
    },
    close: async () => {
      if (timer !== undefined) await save().catch(onFailure);
      await lastWrite;
    },
  };
}

const viewOf = ({ id, created_at, last_seen_at, expires_at }: StoredSession): SessionView => ({
  ...{ id, created_at, last_seen_at, expires_at },
});
