import type { SharedBeginning } from '../../shared-store.js';
import type { Connection } from '../connection.js';
import { nameOfColumn } from './name-column.js';

/** Reads all of what nodes share; `undefined` if none has begun it. */
export async function readSettings(connection: Connection): Promise<SharedBeginning | undefined> {
  if (!(await hasSettings(connection))) return undefined;
  const documents: Record<string, Map<string, unknown>> = {};
  const kinds = await connection.all<{ kind: string }>('SELECT kind FROM shared_kinds');
  for (const { kind } of kinds) documents[kind] = new Map();
  const rows = await connection.all<{ kind: string; name: string; value: unknown }>(
    'SELECT kind, name, value FROM shared_documents ORDER BY kind, name',
  );
  for (const { kind, name, value } of rows) {
    (documents[kind] ??= new Map()).set(nameOfColumn(name), value);
  }
  const log = await connection.all<{ entry: object }>('SELECT entry FROM shared_log ORDER BY id');
  return { documents, log: log.map(({ entry }) => entry) };
}

/** Whether a store has more than counts. */
export async function hasSettings(connection: Connection): Promise<boolean> {
  const row = await connection.get<{ any: boolean }>(
    'SELECT EXISTS(SELECT FROM shared_kinds) AS any',
  );
  return row?.any === true;
}
