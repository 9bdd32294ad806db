/** Deleted users. A uid differs between projects, so it needs no project. */
export const tombstones = `
  CREATE TABLE tombstones(
    uid BLOB PRIMARY KEY,
    deleted_at INTEGER NOT NULL
  ) WITHOUT ROWID;
`;
