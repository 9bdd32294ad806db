import type { SharedBeginning } from '../../shared-store.js';
import type { Connection } from '../connection.js';
import { toColumn } from './name-column.js';

/** Writes what nodes share into a store that has nothing of it. */
export async function writeSettings(
  connection: Connection,
  { documents, log }: SharedBeginning,
): Promise<void> {
  for (const [kind, values] of Object.entries(documents)) {
    if (values === undefined) continue;
    const names = [...values.keys()].map(toColumn);
    const texts = [...values.values()].map((value) => JSON.stringify(value));
    await connection.run('INSERT INTO shared_kinds VALUES ($1, 1)', [kind]);
    await connection.run(DOCUMENTS, [kind, names, texts]);
  }
  await appendToLog(connection, log);
}

/** Notes that a store has settings. @returns Whether it had none. */
export const claimSettings = async (connection: Connection): Promise<boolean> =>
  (await connection.run(`INSERT INTO shared_kinds VALUES ('log', 1) ON CONFLICT DO NOTHING`)) === 1;

/** Appends entries to the log that nodes share. */
export async function appendToLog(
  connection: Connection,
  entries: readonly object[],
): Promise<void> {
  await connection.run(APPEND, [entries.map((entry) => JSON.stringify(entry))]);
}

const DOCUMENTS = `
  INSERT INTO shared_documents(kind, name, version, changed_at, value)
  SELECT $1, name, 1, extract(epoch FROM now()) * 1000, value::json
  FROM unnest($2::text[], $3::text[]) AS documents(name, value)`;

const APPEND = `
  INSERT INTO shared_log(entry)
  SELECT entry::json FROM unnest($1::text[]) WITH ORDINALITY AS entries(entry, at) ORDER BY at`;
