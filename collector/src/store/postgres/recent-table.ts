import { MAX_RECENT } from '../../rules/limits.js';
import { type Connection, toUuid } from './connection.js';
import { IS_PERSON } from './users-table.js';

/**
 * The people of each project whom a node has seen last, in its own lane: nodes that trimmed one list
 * would wait for each other. Use it inside a transaction.
 */
export interface RecentTable {
  /** A person was seen, at a moment in milliseconds since 1970. */
  add(projectId: number, uid: Uint8Array, lastSeen: number): void;
  write(): Promise<void>;
  /** Erases a user, in the table or not. The row in `users` must be gone. */
  erase(projectId: number, uid: Uint8Array): Promise<void>;
  /** Takes users out without putting others in; {@link rebuild} must follow. */
  leave(projectId: number, uids: readonly Uint8Array[]): Promise<void>;
  /** Fills the table anew with a project's people. It reads all of its users. */
  rebuild(projectId: number): Promise<void>;
  /** Drops the gathered changes after a rollback. */
  forget(): void;
}

/** If there are fewer people of a project, the table has all of them. */
const LEAST = MAX_RECENT;

/** How many people of a project stay in a lane after trimming it at twice as many. */
const KEPT = 2 * MAX_RECENT;

interface Seen {
  readonly uuid: string;
  readonly lastSeen: number;
}

const PUT = `
  INSERT INTO recent(project_id, lane, uid, last_seen)
  SELECT $1::int, $2::int2, uid, last_seen FROM unnest($3::uuid[], $4::int8[]) k(uid, last_seen)
  ON CONFLICT (project_id, lane, uid) DO UPDATE SET last_seen = excluded.last_seen`;
// By the first who goes: the planner expects one row of a lane, and would join a list of them in a loop.
const TRIM = `
  WITH first AS (
    SELECT last_seen, uid FROM recent WHERE project_id = $1 AND lane = $2
    ORDER BY last_seen DESC, uid OFFSET ${KEPT} LIMIT 1
  )
  DELETE FROM recent USING first WHERE project_id = $1 AND lane = $2 AND (
    recent.last_seen < first.last_seen
    OR recent.last_seen = first.last_seen AND recent.uid >= first.uid
  )`;
const REFILL = `
  INSERT INTO recent(project_id, lane, uid, last_seen)
  SELECT project_id, $2::int2, uid, last_seen FROM users WHERE project_id = $1 AND ${IS_PERSON}
  ORDER BY last_seen DESC, uid LIMIT ${KEPT}
  ON CONFLICT (project_id, lane, uid) DO UPDATE SET last_seen = excluded.last_seen`;

/**
 * Creates the access to the table. Nobody outside of the table was seen after the oldest person of any
 * lane.
 */
export function createRecentTable(connection: Connection, lane: () => number): RecentTable {
  const seen = new Map<number, Seen[]>();
  const writeProject = async (projectId: number, people: Seen[]): Promise<void> => {
    const { n, oldest } = (await connection.get<{ n: number; oldest: number | null }>(
      `SELECT count(*) AS n, min(last_seen) AS oldest FROM recent
       WHERE project_id = $1 AND lane = $2`,
      [projectId, lane()],
    )) ?? { n: 0, oldest: null };
    const isAll = n < LEAST || oldest === null;
    const newest = people
      .sort((a, b) => b.lastSeen - a.lastSeen || (a.uuid < b.uuid ? -1 : 1))
      .slice(0, KEPT);
    const put = newest
      .filter(({ lastSeen }) => isAll || lastSeen >= oldest)
      .sort((a, b) => (a.uuid < b.uuid ? -1 : 1));
    if (put.length > 0) {
      const columns = [put.map(({ uuid }) => uuid), put.map(({ lastSeen }) => lastSeen)];
      await connection.run(PUT, [projectId, lane(), ...columns]);
    }
    if (newest.length < people.length || n + newest.length > 2 * KEPT) {
      await connection.run(TRIM, [projectId, lane()]);
    }
  };
  return {
    add: (projectId, uid, lastSeen) => {
      const people = seen.get(projectId);
      const one = { uuid: toUuid(uid), lastSeen };
      if (people) people.push(one);
      else seen.set(projectId, [one]);
    },
    write: async () => {
      for (const [projectId, people] of seen) await writeProject(projectId, people);
      seen.clear();
    },
    erase: async (projectId, uid) => {
      const erased = await connection.run('DELETE FROM recent WHERE project_id = $1 AND uid = $2', [
        projectId,
        toUuid(uid),
      ]);
      if (erased === 0) return;
      const left = await connection.get<{ n: number }>(
        'SELECT count(DISTINCT uid) AS n FROM recent WHERE project_id = $1',
        [projectId],
      );
      if (left?.n === LEAST - 1) await connection.run(REFILL, [projectId, lane()]);
    },
    leave: async (projectId, uids) => {
      if (uids.length === 0) return;
      await connection.run('DELETE FROM recent WHERE project_id = $1 AND uid = ANY($2::uuid[])', [
        projectId,
        uids.map(toUuid),
      ]);
    },
    rebuild: async (projectId) => {
      await connection.run('DELETE FROM recent WHERE project_id = $1', [projectId]);
      await connection.run(REFILL, [projectId, lane()]);
    },
    forget: () => seen.clear(),
  };
}
