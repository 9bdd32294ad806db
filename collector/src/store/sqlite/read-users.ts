import type { UserState } from '../../counting/user-state.js';
import type { Database } from '../../sqlite/database.js';
import { fromRow, type UserRow } from './users-table.js';

/** A user and its key. */
export interface ReadUser {
  readonly projectId: number;
  readonly uid: Buffer;
  readonly state: UserState<number>;
}

const PAGE = 1000;

/**
 * Every user, page by page: users read may be written meanwhile.
 *
 * @param onRead - Told after each page how many were read so far.
 */
export function* readUsers(
  db: Database,
  onRead: (users: number) => void = () => undefined,
): Generator<ReadUser> {
  const page = db.prepare<UserRow & { readonly project_id: bigint; readonly uid: Buffer }>(
    `SELECT * FROM users WHERE (project_id, uid) > (?, ?) ORDER BY project_id, uid LIMIT ${PAGE}`,
    { bigints: true },
  );
  let [project, uid]: [bigint, Buffer] = [-1n, Buffer.alloc(0)];
  let read = 0;
  for (;;) {
    const rows = page.all([project, uid]);
    for (const row of rows) {
      [project, uid] = [row.project_id, row.uid];
      yield { projectId: Number(project), uid, state: fromRow(row) };
    }
    onRead((read += rows.length));
    if (rows.length < PAGE) return;
  }
}
