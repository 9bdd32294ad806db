/**
 * Cleanings, and what they took out: users with all their columns, and counts of reports.
 * `cleaned_seen` has the users that counting met before a running cleaning did; `cleaned_said` what
 * cleanings of reports took, from a user's row or from what an earlier cleaning, the origin, holds.
 */
export const cleanings = `
  CREATE TABLE cleanings(
    n int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id text COLLATE "C" NOT NULL UNIQUE,
    project_id int NOT NULL,
    selection text NOT NULL,
    cleaned_at int8 NOT NULL,
    until int8 NOT NULL,
    state text NOT NULL,
    cursor uuid,
    done int8 NOT NULL DEFAULT 0,
    total int8 NOT NULL DEFAULT 0,
    figures text NOT NULL
  );
  CREATE TABLE cleaned_users(
    cleaning int NOT NULL,
    LIKE users,
    PRIMARY KEY(project_id, uid, cleaning)
  );
  CREATE INDEX cleaned_users_order ON cleaned_users(cleaning, uid);
  CREATE TABLE cleaned_counts(
    cleaning int NOT NULL,
    kind text COLLATE "C" NOT NULL,
    key text COLLATE "C" NOT NULL,
    day int NOT NULL,
    n int8 NOT NULL,
    PRIMARY KEY(cleaning, kind, key, day)
  );
  CREATE TABLE cleaned_seen(
    cleaning int NOT NULL,
    uid uuid NOT NULL,
    PRIMARY KEY(cleaning, uid)
  );
  CREATE TABLE cleaned_said(
    cleaning int NOT NULL,
    project_id int NOT NULL,
    uid uuid NOT NULL,
    origin int NOT NULL,
    last_day int NOT NULL,
    said bytea NOT NULL,
    PRIMARY KEY(project_id, uid, cleaning, origin)
  );
  CREATE INDEX cleaned_said_order ON cleaned_said(cleaning, uid, origin);
  CREATE TABLE cleaning_covers(
    below int NOT NULL,
    above int NOT NULL,
    PRIMARY KEY(below, above)
  );
`;
