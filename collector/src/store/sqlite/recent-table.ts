import { MAX_RECENT } from '../../rules/limits.js';
import type { Database } from '../../sqlite/database.js';

/**
 * The people of each project who were seen last, in a separate table: an index on all users would
 * cost another write for every report. Use it inside a transaction.
 */
export interface RecentTable {
  /** A person was seen, at a moment in milliseconds since 1970. */
  add(projectId: number, uid: Buffer, lastSeen: number): void;
  write(): void;
  /** Erases a user, in the table or not. The row in `users` must be gone. */
  erase(projectId: number, uid: Uint8Array): void;
  /** Takes a user out without putting another one in; {@link rebuild} must follow. */
  leave(projectId: number, uid: Uint8Array): void;
  /** Fills the table anew with a project's people. It reads all of its users. */
  rebuild(projectId: number): void;
  /** Drops the gathered changes after a rollback. */
  forget(): void;
}

/** How many people of a project are in the table. */
export interface RecentLimits {
  /** If there are fewer, the table has all people of the project. */
  readonly least: number;
  /**
   * How many stay after trimming at twice as many. The more above `least`, the more of them must be
   * erased before all users are searched for the next ones.
   */
  readonly kept: number;
}

const LIMITS: RecentLimits = { least: MAX_RECENT, kept: 2 * MAX_RECENT };

interface Seen {
  readonly uid: Buffer;
  readonly lastSeen: number;
}

/**
 * Creates the access to the table on the writing connection. Nobody outside of the table was seen
 * after its oldest person.
 */
export function createRecentTable(db: Database, { least, kept } = LIMITS): RecentTable {
  const measure = db.prepare<{ n: number; oldest: number | null }>(
    'SELECT count(*) AS n, min(last_seen) AS oldest FROM recent WHERE project_id = ?',
  );
  const put = db.prepare(
    `INSERT INTO recent(project_id, uid, last_seen) VALUES (?, ?, ?)
     ON CONFLICT DO UPDATE SET last_seen = excluded.last_seen`,
  );
  const trim = db.prepare(
    `DELETE FROM recent WHERE project_id = ?1 AND uid IN (
       SELECT uid FROM recent WHERE project_id = ?1 ORDER BY last_seen DESC, uid LIMIT -1 OFFSET ?2
     )`,
  );
  const erase = db.prepare('DELETE FROM recent WHERE project_id = ? AND uid = ?');
  const refill = db.prepare(
    `INSERT OR REPLACE INTO recent(project_id, uid, last_seen)
     SELECT project_id, uid, last_seen FROM users WHERE project_id = ? AND ci = 0
     ORDER BY last_seen DESC, uid LIMIT ?`,
  );
  const empty = db.prepare('DELETE FROM recent WHERE project_id = ?');
  const seen = new Map<number, Seen[]>();

  const writeProject = (projectId: number, people: Seen[]): void => {
    const { n = 0, oldest = null } = measure.get([projectId]) ?? {};
    const isAll = n < least || oldest === null;
    const newest = people
      .sort((a, b) => b.lastSeen - a.lastSeen || Buffer.compare(a.uid, b.uid))
      .slice(0, kept);
    for (const { uid, lastSeen } of newest) {
      if (isAll || lastSeen >= oldest) put.run([projectId, uid, lastSeen]);
    }
    if (newest.length < people.length || n + newest.length > 2 * kept) trim.run([projectId, kept]);
  };

  return {
    add: (projectId, uid, lastSeen) => {
      const people = seen.get(projectId);
      if (people) people.push({ uid, lastSeen });
      else seen.set(projectId, [{ uid, lastSeen }]);
    },
    write: () => {
      for (const [projectId, people] of seen) writeProject(projectId, people);
      seen.clear();
    },
    erase: (projectId, uid) => {
      if (erase.run([projectId, uid]).changes === 0) return;
      if (measure.get([projectId])?.n === least - 1) refill.run([projectId, kept]);
    },
    leave: (projectId, uid) => void erase.run([projectId, uid]),
    rebuild: (projectId) => {
      empty.run([projectId]);
      refill.run([projectId, kept]);
    },
    forget: () => seen.clear(),
  };
}
