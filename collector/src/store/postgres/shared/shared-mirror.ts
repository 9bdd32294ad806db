import { StoreDownError } from '../../../store-down-error.js';
import type { DocumentsChange, SharedKind, SharedRecords } from '../../shared-store.js';
import type { Transactions } from '../transactions.js';
import { nameOfColumn, toColumn } from './name-column.js';

/** Documents of one kind in memory. */
export interface SharedMirror<Value> extends SharedRecords<Value> {
  /** Learns of what other nodes have changed. */
  refresh(): Promise<void>;
  /** Whether the documents of a version are those that this node knows. */
  knows(version: number): boolean;
  /**
   * Whatever is known is to be read anew: the server may be another one, where the same version has
   * other documents.
   */
  distrust(): void;
}

/** A document in the store is none that this release knows. */
export class SharedDocumentError extends StoreDownError {
  override readonly name = 'SharedDocumentError';
}

interface Known {
  readonly version: number;
  readonly versions: ReadonlyMap<string, number>;
  readonly values: ReadonlyMap<string, unknown>;
}

const NOTHING: Known = { version: 0, versions: new Map(), values: new Map() };

/** A row of a kind, or one without a name where it has no documents. */
interface Row {
  readonly at: number;
  readonly name: string | null;
  readonly version: number | null;
  /** `null` where this node knows the version. */
  readonly value: unknown;
}

/** How long a change waits for that of another node, in milliseconds. */
const LOCK_MS = 5000;

/** The channel that tells nodes of what has changed: one for each schema. */
export const CHANNEL_SQL = `'headcount_' || current_schema()::regnamespace::oid`;

/**
 * Opens the documents of a kind. Each change locks the kind, so that it sees all changes before it and
 * none is lost.
 *
 * @throws {@link SharedDocumentError}: to go on without it would forget what was set.
 */
export async function openSharedMirror<Value>(
  { connection, transaction }: Transactions,
  { kind, isValue }: SharedKind<Value>,
  onChange: (change: DocumentsChange) => void = () => undefined,
): Promise<SharedMirror<Value>> {
  let known = NOTHING;
  let isTrusted = true;

  const check = (name: string, value: unknown): Value => {
    if (isValue(value)) return value;
    throw new SharedDocumentError(
      `The store has ${kind} of ${name} that this release cannot read. Run the release that wrote ` +
        `them, or delete that row: DELETE FROM shared_documents WHERE kind = '${kind}' AND name = '${name.replaceAll("'", "''")}'.`,
    );
  };
  const load = async (): Promise<Known> => {
    const base = isTrusted ? known : NOTHING;
    isTrusted = true;
    const rows = await connection.all<Row>(ROWS, [kind, base.version]);
    const version = rows[0]?.at ?? 0;
    if (version === base.version) return base;
    const values = new Map<string, unknown>();
    const versions = new Map<string, number>();
    for (const row of rows) {
      if (row.name === null || row.version === null) continue;
      // Those that are known stay the same objects.
      const name = nameOfColumn(row.name);
      const isKnown = base.versions.get(name) === row.version;
      values.set(name, isKnown ? base.values.get(name) : check(name, row.value));
      versions.set(name, row.version);
    }
    return { version, versions, values };
  };
  /** What was read becomes what is known once it is committed. */
  const adopt = (next: Known): void => {
    if (next === known) return;
    const isNewer = next.version > known.version;
    known = next;
    onChange({ isNewer });
  };
  const write = async (before: Known, draft: ReadonlyMap<string, unknown>): Promise<Known> => {
    const version = before.version + 1;
    const versions = new Map(before.versions);
    for (const [name, value] of draft) {
      if (before.values.get(name) === value) continue;
      versions.set(name, version);
      await connection.run(WRITE, [kind, toColumn(name), version, JSON.stringify(value)]);
    }
    for (const name of before.values.keys()) {
      if (draft.has(name)) continue;
      versions.delete(name);
      await connection.run(DROP, [kind, toColumn(name)]);
    }
    await connection.run('UPDATE shared_kinds SET version = $2 WHERE kind = $1', [kind, version]);
    await connection.run(`SELECT pg_notify(${CHANNEL_SQL}, 'documents')`);
    return { version, versions, values: new Map(draft) };
  };
  const change = async <Result>(
    edit: (documents: Map<string, Value>, isNew: boolean) => Result | Promise<Result>,
  ): Promise<Result> => {
    const { result, next } = await transaction(async () => {
      await connection.exec(`SET LOCAL lock_timeout = ${LOCK_MS}`);
      await connection.run('INSERT INTO shared_kinds VALUES ($1, 0) ON CONFLICT DO NOTHING', [
        kind,
      ]);
      await connection.run('SELECT 1 FROM shared_kinds WHERE kind = $1 FOR UPDATE', [kind]);
      const before = await load();
      const draft = new Map(before.values) as Map<string, Value>; // each was checked
      const result = await edit(draft, before.version === 0);
      return { result, next: isSame(before, draft) ? before : await write(before, draft) };
    });
    adopt(next);
    return result;
  };

  known = await transaction(load);
  return {
    knows: (version) => isTrusted && version === known.version,
    distrust: () => {
      isTrusted = false;
    },
    // Each was checked when it was read.
    read: () => (known.version === 0 ? undefined : (known.values as ReadonlyMap<string, Value>)),
    change,
    refresh: async () => adopt(await transaction(load)),
  };
}

const isSame = ({ version, values }: Known, draft: ReadonlyMap<string, unknown>): boolean =>
  version > 0 &&
  values.size === draft.size &&
  [...draft].every(([name, value]) => values.get(name) === value && values.has(name));

// One statement sees one state: a version, and the documents of it.
const ROWS = `
  SELECT kinds.version AS at, docs.name, docs.version,
    CASE WHEN docs.version > $2 THEN docs.value END AS value
  FROM shared_kinds kinds LEFT JOIN shared_documents docs ON docs.kind = kinds.kind
  WHERE kinds.kind = $1`;

const WRITE = `
  INSERT INTO shared_documents(kind, name, version, changed_at, value)
  VALUES ($1, $2, $3, extract(epoch FROM now()) * 1000, $4)
  ON CONFLICT (kind, name) DO UPDATE
    SET version = excluded.version, changed_at = excluded.changed_at, value = excluded.value`;

const DROP = 'DELETE FROM shared_documents WHERE kind = $1 AND name = $2';
