/**
 * The rollups, and the columns they need: all active days of a user and the values on them.
 * `rebuild-rollups.ts` fills existing rows, since that takes the code's rules.
 */
export const rollups = `
  ALTER TABLE users ADD COLUMN first_day INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE users ADD COLUMN older BLOB;
  ALTER TABLE users ADD COLUMN runs BLOB NOT NULL DEFAULT x'';
  ALTER TABLE users ADD COLUMN lost INTEGER NOT NULL DEFAULT 0;
  UPDATE users SET first_day = CAST(floor(first_seen / 86400000.0) AS INTEGER);
  CREATE INDEX users_seen ON users(project_id, ci, last_seen DESC);
  CREATE TABLE totals(
    project_id INTEGER NOT NULL,
    total TEXT NOT NULL,
    n INTEGER NOT NULL,
    PRIMARY KEY(project_id, total)
  ) WITHOUT ROWID;
  CREATE TABLE latest(
    value_id INTEGER PRIMARY KEY REFERENCES dims(id),
    n INTEGER NOT NULL
  );
  CREATE TABLE gaps(
    project_id INTEGER NOT NULL,
    ci INTEGER NOT NULL,
    day INTEGER NOT NULL,
    gap INTEGER NOT NULL,
    n INTEGER NOT NULL,
    PRIMARY KEY(project_id, ci, day, gap)
  ) WITHOUT ROWID;
  CREATE TABLE value_gaps(
    value_id INTEGER NOT NULL REFERENCES dims(id),
    day INTEGER NOT NULL,
    gap INTEGER NOT NULL,
    n INTEGER NOT NULL,
    PRIMARY KEY(value_id, day, gap)
  ) WITHOUT ROWID;
  CREATE TABLE retention(
    project_id INTEGER NOT NULL,
    "interval" TEXT NOT NULL,
    cohort INTEGER NOT NULL,
    period INTEGER NOT NULL,
    n INTEGER NOT NULL,
    PRIMARY KEY(project_id, "interval", cohort, period)
  ) WITHOUT ROWID;
  CREATE TABLE report_days(
    project_id INTEGER NOT NULL,
    ci INTEGER NOT NULL,
    day INTEGER NOT NULL,
    n INTEGER NOT NULL,
    PRIMARY KEY(project_id, ci, day)
  ) WITHOUT ROWID;
  CREATE TABLE report_values(
    value_id INTEGER NOT NULL REFERENCES dims(id),
    day INTEGER NOT NULL,
    n INTEGER NOT NULL,
    PRIMARY KEY(value_id, day)
  ) WITHOUT ROWID;
`;
