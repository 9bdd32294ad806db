import { readFileSync, statSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { type Static, Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { createTurns } from '../create-turns.js';
import { hasCode } from '../has-code.js';
import { anyFolder, type CheckFolder } from '../opened-folder.js';
import { openLock } from '../sqlite/database.js';
import { isLocked } from '../sqlite/failure.js';
import type { SharedRecords } from '../store/shared-store.js';
import { writeDurably } from '../write-durably.js';

const nullableText = Type.Union([Type.String(), Type.Null()]);

const tokenSchema = Type.Object(
  {
    id: Type.String({ pattern: '^[a-z0-9]{1,32}$' }),
    name: Type.String(),
    level: Type.Enum(['restricted', 'developer', 'administrator']),
    project: nullableText,
    created_at: Type.String(),
    expires_at: nullableText,
    last_used_at: nullableText,
    sha256: Type.String({ pattern: '^[0-9a-f]{64}$' }),
  },
  { additionalProperties: false },
);

const checker = Compile(tokenSchema);

/** Whether a value is a token as it is kept. */
export const isStoredToken = (value: unknown): value is StoredToken => checker.Check(value);

const fileSchema = Compile(
  Type.Object(
    { version: Type.Literal(1), tokens: Type.Array(tokenSchema) },
    { additionalProperties: false },
  ),
);

/** A token as it is kept: by its hash alone. Moments are in ISO 8601. */
export type StoredToken = Readonly<Static<typeof tokenSchema>>;

/** The tokens of a collector, by their IDs. Other processes may change them meanwhile. */
export type TokenStore = SharedRecords<StoredToken>;

/** The file of tokens cannot be used. The message says why. */
export class TokenFileError extends Error {
  override readonly name = 'TokenFileError';
}

/** How long a change waits for another process, in milliseconds. */
const LOCK_MS = 10_000;

/** The tokens in a file, which is locked by another one beside it while it is changed. */
export function openTokenFile(path: string, checkFolder: CheckFolder = anyFolder): TokenStore {
  let known:
    { readonly state: string; readonly tokens: ReadonlyMap<string, StoredToken> } | undefined;
  const inTurn = createTurns();

  const read = (): ReadonlyMap<string, StoredToken> | undefined => {
    const stats = statSync(path, { bigint: true, throwIfNoEntry: false });
    if (stats === undefined) return undefined;
    // Every change puts another file in its place.
    const state = `${stats.ino} ${stats.mtimeNs} ${stats.size}`;
    if (known?.state !== state) known = { state, tokens: readTokens(path) };
    return known.tokens;
  };
  const locked = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    await checkFolder();
    const lock = await takeLock(`${path}.lock`);
    try {
      return await work();
    } finally {
      lock.close();
    }
  };
  return {
    read,
    change: (edit) =>
      inTurn(() =>
        locked(async () => {
          const before = read();
          const tokens = new Map(before);
          const result = await edit(tokens, before === undefined);
          const file = { version: 1, tokens: [...tokens.values()] };
          await writeDurably(path, `${JSON.stringify(file, undefined, 2)}\n`);
          return result;
        }),
      ),
  };
}

async function takeLock(path: string): Promise<{ close(): void }> {
  const end = performance.now() + LOCK_MS;
  for (;;) {
    try {
      return openLock(path);
    } catch (error) {
      if (!isLocked(error)) throw error;
      if (performance.now() > end) {
        throw new TokenFileError(`Another process has been changing the tokens for ${LOCK_MS} ms.`);
      }
    }
    await wait(20);
  }
}

function readTokens(path: string): ReadonlyMap<string, StoredToken> {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    if (!(error instanceof SyntaxError) && !hasCode(error, 'EISDIR')) throw error;
  }
  if (!fileSchema.Check(value)) {
    throw new TokenFileError(
      `${path} is damaged. Remove it, and the next start makes an administrator’s token.`,
    );
  }
  return new Map(value.tokens.map((token) => [token.id, token]));
}
