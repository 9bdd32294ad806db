import { readFileSync } from 'node:fs';
import { type Static, Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { createTurns } from '../create-turns.js';
import { hasCode } from '../has-code.js';
import { anyFolder, type CheckFolder } from '../opened-folder.js';
import type { SharedRecords } from '../store/shared-store.js';
import { writeDurably } from '../write-durably.js';

const sessionSchema = Type.Object(
  {
    id: Type.String({ pattern: '^[a-z0-9]{1,32}$' }),
    sha256: Type.String({ pattern: '^[0-9a-f]{64}$' }),
    token: Type.String(),
    token_sha256: Type.String(),
    created_at: Type.String({ format: 'date-time' }),
    expires_at: Type.String({ format: 'date-time' }),
    last_seen_at: Type.String({ format: 'date-time' }),
  },
  { additionalProperties: false },
);

const checker = Compile(sessionSchema);

/** Whether a value is a session as it is kept. */
export const isStoredSession = (value: unknown): value is StoredSession => checker.Check(value);

const fileSchema = Compile(
  Type.Object(
    { version: Type.Literal(1), sessions: Type.Array(sessionSchema) },
    { additionalProperties: false },
  ),
);

/**
 * A session as it is kept: by the hash of its secret, with the ID and the hash of the token that it
 * stands for. Moments are in ISO 8601.
 */
export type StoredSession = Readonly<Static<typeof sessionSchema>>;

/** Where sessions are kept by the hashes of their secrets, so that a restart signs nobody out. */
export type SessionStore = SharedRecords<StoredSession>;

/** The file of sessions cannot be read. The message says what that does. */
export class SessionFileError extends Error {
  override readonly name = 'SessionFileError';
}

/**
 * Opens the sessions in a file, which only the collector that holds the data folder changes. A change
 * is in force even if it cannot be written: people need to look, and to sign out, on a disk that is full.
 *
 * @param onFailure - Called if they cannot be read: then they have ended.
 */
export function openSessionFile(
  path: string,
  onFailure: (error: unknown) => void,
  checkFolder: CheckFolder = anyFolder,
): SessionStore {
  let known: ReadonlyMap<string, StoredSession> = new Map();
  const inTurn = createTurns();
  try {
    known = new Map(readSessions(path).map((session) => [session.sha256, session]));
  } catch (error) {
    onFailure(error);
  }
  return {
    read: () => known,
    change: (edit) =>
      inTurn(async () => {
        const draft = new Map(known);
        const result = await edit(draft, false);
        known = draft;
        await checkFolder();
        const file = { version: 1, sessions: [...draft.values()] };
        await writeDurably(path, `${JSON.stringify(file, undefined, 2)}\n`);
        return result;
      }),
  };
}

/** @throws {@link SessionFileError}, or what the system says. */
export function readSessions(path: string): StoredSession[] {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return [];
    if (!(error instanceof SyntaxError)) throw error;
  }
  if (fileSchema.Check(value)) return value.sessions;
  throw new SessionFileError(`${path} is damaged: everybody has to sign in again.`);
}
