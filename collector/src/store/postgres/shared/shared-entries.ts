import type { SharedLogPage, SharedStore } from '../../shared-store.js';
import type { Transactions } from '../transactions.js';
import { toColumn } from './name-column.js';
import { appendToLog, claimSettings, writeSettings } from './write-settings.js';

/** Creates the access to what nodes share and none has in memory: documents and the log. */
export function createSharedEntries({
  connection,
  transaction,
}: Transactions): Omit<SharedStore, 'open' | 'runs' | 'close'> {
  const find = async (kind: string, name: string): Promise<unknown> => {
    const row = await connection.get<{ value: unknown }>(FIND, [kind, toColumn(name)]);
    return row?.value;
  };
  return {
    find: (kind, name) => transaction(() => find(kind, name)),
    settle: (kind, name, value, willDo) =>
      transaction(async () => {
        // Two nodes that make the same one at once take turns.
        await connection.run('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [
          `${kind} ${name}`,
        ]);
        const standing = await find(kind, name);
        if (standing !== undefined && willDo(standing)) return standing;
        await connection.run(KEEP, [kind, toColumn(name), JSON.stringify(value)]);
        return value;
      }),
    drop: async (kind, ageMs) => {
      await transaction(() => connection.run(DROP, [kind, ageMs]));
    },
    append: (entry) => transaction(() => appendToLog(connection, [entry])),
    begin: (read) =>
      transaction(async () => {
        // Another node that begins at the same moment is waited for.
        const begins = await claimSettings(connection);
        if (begins) await writeSettings(connection, read());
        return begins;
      }),
    page: (limit, before) => transaction(() => readPage(limit, before)),
  };

  async function readPage(limit: number, before = Number.MAX_SAFE_INTEGER): Promise<SharedLogPage> {
    const rows = await connection.all<{ id: number; entry: unknown }>(PAGE, [before, limit + 1]);
    const shown = rows.slice(0, limit);
    const next = rows.length > limit ? (shown.at(-1)?.id ?? null) : null;
    return { entries: shown.map(({ entry }) => entry), next };
  }
}

const FIND = 'SELECT value FROM shared_documents WHERE kind = $1 AND name = $2';

const KEEP = `
  INSERT INTO shared_documents(kind, name, version, changed_at, value)
  VALUES ($1, $2, 1, extract(epoch FROM now()) * 1000, $3)
  ON CONFLICT (kind, name) DO UPDATE SET changed_at = excluded.changed_at, value = excluded.value`;

const DROP = `
  DELETE FROM shared_documents
  WHERE kind = $1 AND changed_at < extract(epoch FROM now()) * 1000 - $2::float8`;

const PAGE = 'SELECT id, entry FROM shared_log WHERE id < $1 ORDER BY id DESC LIMIT $2';
