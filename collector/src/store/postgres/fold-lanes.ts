import type { Folded, FoldSlice } from '../store.js';
import type { Connection } from './connection.js';
import { keyOfRollup, type Rollup, ROLLUPS } from './rollups-tables.js';
import {
  endOfPart,
  type Key,
  type Part,
  valuesOf,
  type WalkedTable,
  walkParts,
  whereKey,
} from './table-parts.js';
import type { WritingConnection } from './writing-connection.js';

export interface FoldParts extends Pick<WritingConnection, 'connection' | 'transaction'> {
  /** Lets other nodes count meanwhile, but for what needs to be alone. */
  readonly enter: () => Promise<void>;
}

/** The lane of no node. */
export const FOLDED_LANE = 0;

/**
 * Creates the operation that puts the lanes of a count together. One statement takes and puts them, so
 * that each state has the same sum. It waits for no node: rows that one holds are left for the next
 * time, since a node that waits for one of ours may hold what we would wait for.
 */
export function createFold(parts: FoldParts): (slice: FoldSlice) => Promise<Folded> {
  const { connection, transaction, enter } = parts;
  const tables = ROLLUPS.map((name) => ({ name, key: keyOfRollup(name) }));
  return async (slice) => {
    let rows = 0;
    const next = await walkParts(tables, slice, async (table, after) => {
      const part = await transaction(async () => {
        await enter();
        return foldPart(connection, table, after);
      });
      rows += part.rows;
      return part.upTo;
    });
    return { rows, next };
  };
}

interface FoldedTable extends WalkedTable {
  readonly name: Rollup;
}

async function foldPart(
  connection: Connection,
  table: FoldedTable,
  after: Key | null,
): Promise<{ readonly rows: number; readonly upTo: Key | null }> {
  const upTo = await endOfPart(connection, table, after);
  const part = { after, upTo };
  const folded = await connection.get<{ rows: number }>(foldOf(table, part), valuesOf(part));
  return { rows: folded?.rows ?? 0, upTo };
}

function foldOf({ name, key }: FoldedTable, part: Part): string {
  const list = key.join(', ');
  const ofPart = whereKey(
    key.map((column) => `t.${column}`),
    part,
  );
  const ofRow = key.map((column) => `t.${column} = held.${column}`).join(' AND ');
  return `
    WITH several AS (
      SELECT ${list} FROM ${name} WHERE ${whereKey(key, part)}
      GROUP BY ${list} HAVING count(*) > 1
    ), held AS (
      SELECT ${list}, t.lane FROM several JOIN ${name} t USING (${list})
      WHERE ${ofPart} AND t.lane <> ${FOLDED_LANE} FOR UPDATE OF t SKIP LOCKED
    ), gone AS (
      DELETE FROM ${name} t USING held WHERE ${ofPart} AND ${ofRow} AND t.lane = held.lane
      RETURNING ${key.map((column) => `t.${column}`).join(', ')}, t.n
    ), put AS (
      INSERT INTO ${name}(${list}, lane, n)
      SELECT ${list}, ${FOLDED_LANE}, sum(n) FROM gone GROUP BY ${list} ORDER BY ${list}
      ON CONFLICT (${list}, lane) DO UPDATE SET n = ${name}.n + excluded.n
    )
    SELECT count(*) AS rows FROM gone`;
}
