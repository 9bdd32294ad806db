import { readFileSync } from 'node:fs';
import { type Static, Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { hasCode } from '../has-code.js';
import { anyFolder, type CheckFolder } from '../opened-folder.js';
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

/** Where sessions are kept, so that a restart signs nobody out. */
export interface SessionStore {
  /** @throws {@link SessionFileError}, or what the system says. */
  read(): StoredSession[];
  /** Replaces all of them. They are durable when it resolves. */
  write(sessions: readonly StoredSession[]): Promise<void>;
}

/** The file of sessions cannot be read. The message says what that does. */
export class SessionFileError extends Error {
  override readonly name = 'SessionFileError';
}

/** The sessions in a file. Only the collector that holds the data folder changes it. */
export function openSessionFile(path: string, checkFolder: CheckFolder = anyFolder): SessionStore {
  return {
    read: () => readSessions(path),
    write: async (sessions) => {
      await checkFolder();
      await writeDurably(path, `${JSON.stringify({ version: 1, sessions }, undefined, 2)}\n`);
    },
  };
}

function readSessions(path: string): StoredSession[] {
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
