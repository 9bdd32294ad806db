/**
 * The people seen last, as many of each project as `recent-table.ts` keeps. It replaces an index on
 * `last_seen` of all users, whose pages are overwritten because they contain uids.
 */
export const recent = `
  CREATE TABLE recent(
    project_id INTEGER NOT NULL,
    uid BLOB NOT NULL,
    last_seen INTEGER NOT NULL,
    PRIMARY KEY(project_id, uid)
  ) WITHOUT ROWID;
  INSERT INTO recent(project_id, uid, last_seen)
  SELECT project_id, uid, last_seen FROM (
    SELECT project_id, uid, last_seen,
      row_number() OVER (PARTITION BY project_id ORDER BY last_seen DESC, uid) AS place
    FROM users WHERE ci = 0
  ) WHERE place <= 200;
  PRAGMA secure_delete = ON;
  DROP INDEX users_seen;
  PRAGMA secure_delete = FAST;
`;
