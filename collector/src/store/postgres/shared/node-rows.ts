import type { GoneNode, NodeBacklog } from '../../shared-store.js';
import type { Connection } from '../connection.js';

/** The other nodes of a store, and this one. */
export interface NodesSeen {
  /** How many are up. */
  readonly up: number;
  readonly gone: readonly GoneNode[];
}

/** Notes that a node is up, and what it has not counted. An earlier run on its journal is over. */
export async function noteSeen(
  connection: Connection,
  node: string,
  backlog: NodeBacklog | undefined,
): Promise<void> {
  const { journal, host, reports, since } = backlog ?? {};
  await connection.run(SEEN, [
    node,
    journal ?? null,
    host ?? null,
    reports ?? null,
    since?.getTime() ?? null,
  ]);
}

/** Finds who was seen of late, and who has gone with its journal. */
export async function findNodes(connection: Connection, withinMs: number): Promise<NodesSeen> {
  const rows = await connection.all<Row>(NODES, [withinMs]);
  const gone = rows.flatMap(({ isUp, journal, host, reports, seenAt, since }) =>
    isUp || journal === null
      ? []
      : [{ journal, host: host ?? '', reports: reports ?? 0, since: new Date(since ?? seenAt) }],
  );
  return { up: rows.filter(({ isUp }) => isUp).length, gone };
}

/** Takes a node off the list that leaves nothing behind. */
export const noteGone = (connection: Connection, node: string): Promise<number> =>
  connection.run('DELETE FROM nodes WHERE node = $1', [node]);

/** Takes a node off the list that is gone for good. */
export const giveUpNode = (
  connection: Connection,
  { journal }: Pick<GoneNode, 'journal'>,
  withinMs: number,
): Promise<number> =>
  connection.run(
    `DELETE FROM nodes WHERE journal = $1 AND seen_at <= now() - $2 * interval '1 ms'`,
    [journal, withinMs],
  );

/** Forgets nodes that went long ago and had no journal to tell of. */
export const forgetNodes = (connection: Connection): Promise<number> =>
  connection.run(`DELETE FROM nodes WHERE journal IS NULL AND seen_at < now() - interval '1 day'`);

interface Row {
  readonly isUp: boolean;
  readonly journal: string | null;
  readonly host: string | null;
  readonly reports: number | null;
  readonly seenAt: number;
  readonly since: number | null;
}

const SEEN = `
  WITH earlier AS (DELETE FROM nodes WHERE journal = $2 AND node <> $1)
  INSERT INTO nodes(node, seen_at, journal, host, waiting, waiting_since)
  VALUES ($1, now(), $2, $3, $4, to_timestamp($5::float8 / 1000))
  ON CONFLICT (node) DO UPDATE
    SET (seen_at, journal, host, waiting, waiting_since) = (
      excluded.seen_at, excluded.journal, excluded.host, excluded.waiting, excluded.waiting_since)`;

const NODES = `
  SELECT seen_at > now() - $1 * interval '1 ms' AS "isUp", journal, host, waiting AS reports,
    extract(epoch FROM seen_at)::float8 * 1000 AS "seenAt",
    extract(epoch FROM waiting_since)::float8 * 1000 AS since
  FROM nodes WHERE journal IS NOT NULL OR seen_at > now() - $1 * interval '1 ms'
  ORDER BY seen_at, node`;
