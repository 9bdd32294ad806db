/** Projects, their users, the reports already counted, and how far each journal is counted. */
export const counts = `
  CREATE TABLE projects(
    id INTEGER PRIMARY KEY,
    slug TEXT NOT NULL UNIQUE
  );
  CREATE TABLE dims(
    id INTEGER PRIMARY KEY,
    project_id INTEGER NOT NULL REFERENCES projects(id),
    dim TEXT NOT NULL,
    value TEXT NOT NULL,
    UNIQUE(project_id, dim, value)
  );
  CREATE TABLE users(
    project_id INTEGER NOT NULL,
    uid BLOB NOT NULL,
    first_seen INTEGER NOT NULL,
    last_seen INTEGER NOT NULL,
    last_day INTEGER NOT NULL,
    bits INTEGER NOT NULL,
    os_id INTEGER NOT NULL,
    version_id INTEGER NOT NULL,
    reports INTEGER NOT NULL,
    ci INTEGER NOT NULL,
    id_source TEXT,
    id_persisted INTEGER,
    PRIMARY KEY(project_id, uid)
  ) WITHOUT ROWID;
  CREATE TABLE seen_reports(
    report_key BLOB PRIMARY KEY,
    day INTEGER NOT NULL
  ) WITHOUT ROWID;
  CREATE TABLE quality(
    project_id INTEGER NOT NULL,
    day INTEGER NOT NULL,
    kind TEXT NOT NULL,
    n INTEGER NOT NULL,
    PRIMARY KEY(project_id, day, kind)
  ) WITHOUT ROWID;
  CREATE TABLE positions(
    journal_id TEXT PRIMARY KEY,
    position INTEGER NOT NULL,
    applied_at INTEGER NOT NULL
  ) WITHOUT ROWID;
`;
