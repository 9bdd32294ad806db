import { randomBytes, timingSafeEqual } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { ProblemError } from '../errors.js';
import { hasCode } from '../has-code.js';
import { MAX_PROJECT_CHARACTERS } from '../rules/limits.js';
import { writeDurably } from '../write-durably.js';
import type { AuditDetails } from './audit-details.js';
import type { Caller } from './caller.js';
import type { TokenCheck } from './token-check.js';
import type { Level } from './level.js';
import { hashSecret, isSecret, makeToken } from './secret.js';
import type { StoredToken, TokenStore } from './token-file.js';

/** What a new token opens, and for how long. */
export interface TokenSettings {
  readonly name: string;
  readonly level: Exclude<Level, 'public'>;
  /** The one project that it opens; `null` is all of them. */
  readonly project: string | null;
  readonly expiresAt: Date | null;
}

/** A token as lists show it. */
export interface TokenView {
  readonly id: string;
  readonly name: string;
  readonly level: StoredToken['level'];
  readonly project: string | null;
  /** `replaced`: HEADCOUNT_ADMIN_TOKEN is set, and comes before the first administrator's. */
  readonly status: 'valid' | 'expired' | 'replaced';
  readonly created_at: string;
  readonly expires_at: string | null;
  /** To the hour; `null` if it never was. */
  readonly last_used_at: string | null;
}

/** A token that was just made. It is not kept and cannot be shown again. */
export interface NewToken extends TokenView {
  readonly token: string;
}

/** The tokens of a collector. */
export interface Tokens extends TokenCheck {
  list(): readonly TokenView[];
  /** Whether there is a token with an ID, or was the collector started with it. */
  has(id: string): boolean;
  /** @throws `ProblemError` `bad_token_settings` */
  create(settings: TokenSettings): Promise<NewToken>;
  /** Returns the token that was valid; `undefined` if there is none. The first one's file goes too. */
  revoke(id: string): Promise<TokenView | undefined>;
  /**
   * Replaces the secret of a token; the one before is void. The first administrator's is made anew if
   * it was revoked. `undefined` if there is none.
   *
   * @throws `ProblemError` `bad_token_settings` for the first one where the environment's replaces it
   */
  rotate(id: string): Promise<NewToken | undefined>;
  /** Keeps when tokens were used. */
  flush(): Promise<void>;
  close(): Promise<void>;
}

/** What the audit log says of a token. */
export const describeToken = ({ name, level, project, expires_at }: TokenView): AuditDetails => ({
  ...{ name, level, project, expires_at },
});

/** The ID of the token that the first start makes. */
export const FIRST_TOKEN = 'first';

/** The ID of the token that the collector was started with. */
const ENVIRONMENT_TOKEN = 'environment';

export interface TokensOptions {
  readonly store: TokenStore;
  /** The file that the first administrator's token is kept in. */
  readonly adminFile: string;
  /** The administrator's token of the environment, which replaces that of the file. */
  readonly adminToken: string | undefined;
  readonly now: () => Date;
  /** Called with errors that no request is answered with. */
  readonly onFailure: (error: unknown) => void;
  /** Called with the administrator's token if it was made now. */
  readonly onFirstToken?: ((token: string, file: string) => void) | undefined;
}

/** Tokens at most: each is compared by its hash, and the list is one answer. */
const MAX_TOKENS = 1000;

const MAX_NAME_CHARACTERS = 100;

/** A last use is kept to the hour, so that uses cost a write an hour. */
const USE_STEP_MS = 60 * 60 * 1000;

/** How long uses are gathered before they are written, in milliseconds. */
const FLUSH_MS = 5000;

/** Opens the tokens. Where there were none, makes the first administrator's. */
export async function openTokens(options: TokensOptions): Promise<Tokens> {
  const { store, adminFile, adminToken, now, onFailure } = options;
  const environment = adminToken === undefined ? undefined : hashSecret(adminToken);
  const started = environment && { ...ENVIRONMENT, secret: environment.toString('hex') };
  const used = new Map<string, string>();
  let timer: NodeJS.Timeout | undefined;
  let lastRead: ReadonlyMap<string, StoredToken> = new Map();

  if (store.read() === undefined && environment === undefined) await makeFirst(options);

  const read = (): ReadonlyMap<string, StoredToken> => {
    try {
      lastRead = store.read() ?? new Map();
    } catch (error) {
      // Those that were read before stay valid: the file was damaged by hand.
      onFailure(error);
    }
    return lastRead;
  };
  const statusOf = ({ id, expires_at }: StoredToken): TokenView['status'] => {
    if (id === FIRST_TOKEN && environment !== undefined) return 'replaced';
    return expires_at !== null && Date.parse(expires_at) <= now().getTime() ? 'expired' : 'valid';
  };
  const viewOf = (token: StoredToken): TokenView => {
    const { id, name, level, project, created_at, expires_at, last_used_at } = token;
    return {
      ...{ id, name, level, project, created_at, expires_at },
      status: statusOf(token),
      last_used_at: used.get(id) ?? last_used_at,
    };
  };
  const flush = async (): Promise<void> => {
    clearTimeout(timer);
    timer = undefined;
    const uses = [...used];
    if (uses.length === 0) return;
    used.clear();
    await store.change((tokens) => {
      for (const [id, last_used_at] of uses) {
        const token = tokens.get(id);
        if (token !== undefined) tokens.set(id, { ...token, last_used_at });
      }
    });
  };
  const noteUse = ({ id, last_used_at }: StoredToken): void => {
    const hour = new Date(Math.floor(now().getTime() / USE_STEP_MS) * USE_STEP_MS).toISOString();
    if ((used.get(id) ?? last_used_at) === hour) return;
    used.set(id, hour);
    timer ??= setTimeout(() => void flush().catch(onFailure), FLUSH_MS).unref();
  };
  return {
    find: (token) => {
      if (environment !== undefined && isSecret(token, environment)) return started;
      const hash = hashSecret(token);
      for (const stored of read().values()) {
        const isSame = timingSafeEqual(hash, Buffer.from(stored.sha256, 'hex'));
        if (!isSame || statusOf(stored) !== 'valid') continue;
        noteUse(stored);
        return callerOf(stored);
      }
      return undefined;
    },
    callerOf: (id, secret) => {
      if (id === ENVIRONMENT_TOKEN) return started?.secret === secret ? started : undefined;
      const stored = read().get(id);
      if (stored?.sha256 !== secret || statusOf(stored) !== 'valid') return undefined;
      return callerOf(stored);
    },
    isCurrent: ({ id, level, project, secret }) => {
      if (id === ENVIRONMENT_TOKEN) return started?.secret === secret;
      const stored = read().get(id ?? '');
      return (
        stored !== undefined &&
        statusOf(stored) === 'valid' &&
        stored.sha256 === secret &&
        stored.level === level &&
        stored.project === project
      );
    },
    list: () => [...read().values()].sort(byCreation).map(viewOf),
    has: (id) => (id === ENVIRONMENT_TOKEN ? started !== undefined : read().has(id)),
    create: async (settings) => {
      check(settings, now());
      const { token, stored } = makeStored(randomBytes(5).toString('hex'), settings, now());
      await store.change((tokens) => {
        if (tokens.size >= MAX_TOKENS) {
          refuse(`There are ${MAX_TOKENS} tokens already: revoke those that are not used.`);
        }
        tokens.set(stored.id, stored);
      });
      return { token, ...viewOf(stored) };
    },
    revoke: (id) =>
      store.change(async (tokens) => {
        const before = tokens.get(id);
        if (before === undefined) return undefined;
        tokens.delete(id);
        if (id === FIRST_TOKEN) await removeFirst(adminFile, before);
        return viewOf(before);
      }),
    rotate: (id) =>
      store.change(async (tokens) => {
        const known = tokens.get(id);
        const isFirst = id === FIRST_TOKEN;
        if (isFirst && environment !== undefined) {
          refuse(
            'HEADCOUNT_ADMIN_TOKEN is set, so a new token in the data folder would open nothing, and ' +
              'nothing was changed. Change that variable and start the collector again; if the ' +
              'collector runs without it, leave it out here too.',
          );
        }
        const before = known ?? (isFirst ? makeStored(id, FIRST, now()).stored : undefined);
        if (before === undefined) return undefined;
        const token = makeToken();
        const stored = { ...before, sha256: hashSecret(token).toString('hex'), last_used_at: null };
        if (isFirst) await writeDurably(adminFile, `${token}\n`);
        tokens.set(id, stored);
        used.delete(id);
        return { token, ...viewOf(stored) };
      }),
    flush,
    close: () => flush().catch(onFailure),
  };
}

/** The order in which tokens, or sessions, were made. */
export const byCreation = (
  a: { readonly created_at: string },
  b: { readonly created_at: string },
): number => Date.parse(a.created_at) - Date.parse(b.created_at);

const ENVIRONMENT: Caller = {
  id: ENVIRONMENT_TOKEN,
  name: 'HEADCOUNT_ADMIN_TOKEN',
  level: 'administrator',
  project: null,
};

const callerOf = ({ id, name, level, project, sha256 }: StoredToken): Caller => ({
  ...{ id, name, level, project },
  secret: sha256,
});

const FIRST: TokenSettings = {
  name: 'first administrator',
  level: 'administrator',
  project: null,
  expiresAt: null,
};

/** Removes the file of the first token, if it holds this one. */
async function removeFirst(adminFile: string, { sha256 }: StoredToken): Promise<void> {
  const token = readFirst(adminFile);
  if (token === undefined || hashSecret(token).toString('hex') !== sha256) return;
  await rm(adminFile, { force: true });
}

/** Makes the first administrator's token, or takes the one that lies in the file. */
async function makeFirst(options: TokensOptions): Promise<void> {
  const { store, adminFile, now, onFirstToken } = options;
  const made = await store.change(async (tokens, isNew) => {
    // Another process may have been faster.
    if (!isNew) return undefined;
    const given = readFirst(adminFile);
    const { token, stored } = makeStored(FIRST_TOKEN, FIRST, now(), given);
    if (given === undefined) await writeDurably(adminFile, `${token}\n`);
    tokens.set(FIRST_TOKEN, stored);
    return given === undefined ? token : undefined;
  });
  if (made !== undefined) onFirstToken?.(made, adminFile);
}

/** The token in the file; `undefined` if there is none. */
export function readFirst(adminFile: string): string | undefined {
  try {
    const text = readFileSync(adminFile, 'utf8').trim();
    return /^[\w.~+/-]{16,256}$/.test(text) ? text : undefined;
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

function makeStored(
  id: string,
  { name, level, project, expiresAt }: TokenSettings,
  now: Date,
  token = makeToken(),
): { readonly token: string; readonly stored: StoredToken } {
  const stored: StoredToken = {
    ...{ id, name, level, project },
    created_at: now.toISOString(),
    expires_at: expiresAt?.toISOString() ?? null,
    last_used_at: null,
    sha256: hashSecret(token).toString('hex'),
  };
  return { token, stored };
}

function check({ name, level, project, expiresAt }: TokenSettings, now: Date): void {
  if (name.length > MAX_NAME_CHARACTERS)
    refuse(`A name has up to ${MAX_NAME_CHARACTERS} characters.`, '/name');
  if (project !== null && level === 'administrator') {
    refuse('An administrator’s token is for all projects: leave the project out.', '/project');
  }
  if (project !== null && (project === '' || project.length > MAX_PROJECT_CHARACTERS)) {
    refuse(`A project’s name has 1 to ${MAX_PROJECT_CHARACTERS} characters.`, '/project');
  }
  if (expiresAt !== null && !(expiresAt > now)) {
    refuse('A token must expire in the future.', '/expires_at');
  }
}

function refuse(detail: string, path?: string): never {
  throw new ProblemError('bad_token_settings', detail, path === undefined ? {} : { path });
}
