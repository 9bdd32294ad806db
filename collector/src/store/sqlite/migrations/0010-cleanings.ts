/**
 * Cleanings, and what they took out: users with all their columns in the order of `users`, and
 * counts of reports. `cleaned_seen` has the users that counting met before a running cleaning did.
 */
export const cleanings = `
  CREATE TABLE cleanings(
    n INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    project_id INTEGER NOT NULL,
    selection TEXT NOT NULL,
    cleaned_at INTEGER NOT NULL,
    until INTEGER NOT NULL,
    state TEXT NOT NULL,
    cursor BLOB NOT NULL DEFAULT x'',
    done INTEGER NOT NULL DEFAULT 0,
    total INTEGER NOT NULL DEFAULT 0,
    figures TEXT NOT NULL
  );
  CREATE TABLE cleaned_users(
    cleaning INTEGER NOT NULL,
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
    first_day INTEGER NOT NULL,
    older BLOB,
    runs BLOB NOT NULL,
    lost INTEGER NOT NULL,
    owner_hash BLOB,
    PRIMARY KEY(project_id, uid, cleaning)
  ) WITHOUT ROWID;
  CREATE INDEX cleaned_users_order ON cleaned_users(cleaning, uid);
  CREATE TABLE cleaned_counts(
    cleaning INTEGER NOT NULL,
    kind TEXT NOT NULL,
    key NOT NULL,
    day INTEGER NOT NULL,
    n INTEGER NOT NULL,
    PRIMARY KEY(cleaning, kind, key, day)
  ) WITHOUT ROWID;
  CREATE INDEX cleaned_counts_value ON cleaned_counts(key) WHERE kind = 'value';
  CREATE TABLE cleaned_seen(
    cleaning INTEGER NOT NULL,
    uid BLOB NOT NULL,
    PRIMARY KEY(cleaning, uid)
  ) WITHOUT ROWID;
  CREATE TABLE cleaning_covers(
    below INTEGER NOT NULL,
    above INTEGER NOT NULL,
    PRIMARY KEY(below, above)
  ) WITHOUT ROWID;
`;
