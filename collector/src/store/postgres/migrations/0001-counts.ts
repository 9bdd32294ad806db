/**
 * What `counts.db` has, for several nodes. Rollups have a lane for each node that writes: none waits
 * for the row of another, and questions add the lanes up. IDs of values are numbered within their
 * project, so that each table can be split by projects.
 */
export const counts = `
  CREATE TABLE counting_gate();
  CREATE TABLE lanes(
    node text COLLATE "C" PRIMARY KEY,
    lane int2 GENERATED ALWAYS AS IDENTITY UNIQUE
  );
  CREATE TABLE positions(
    journal_id text COLLATE "C" PRIMARY KEY,
    position int8 NOT NULL,
    applied_at int8 NOT NULL,
    newest_day int NOT NULL
  );
  CREATE TABLE about(
    name text COLLATE "C" PRIMARY KEY,
    value text NOT NULL
  );
  CREATE TABLE projects(
    id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    slug text COLLATE "C" NOT NULL UNIQUE,
    newest_day int,
    next_value int NOT NULL DEFAULT 1,
    closings int NOT NULL DEFAULT 0
  );
  CREATE TABLE dims(
    project_id int NOT NULL,
    value_id int NOT NULL,
    dim text COLLATE "C" NOT NULL,
    value text COLLATE "C" NOT NULL,
    PRIMARY KEY(project_id, value_id),
    UNIQUE(project_id, dim, value)
  );
  CREATE TABLE given_up(
    project_id int NOT NULL,
    value_id int NOT NULL,
    other_id int NOT NULL,
    PRIMARY KEY(project_id, value_id)
  );
  CREATE TABLE users(
    first_seen int8 NOT NULL,
    last_seen int8 NOT NULL,
    bits int8 NOT NULL,
    project_id int NOT NULL,
    first_day int NOT NULL,
    last_day int NOT NULL,
    os_id int NOT NULL,
    version_id int NOT NULL,
    reports int NOT NULL,
    lost int NOT NULL,
    flags int2 NOT NULL,
    uid uuid NOT NULL,
    runs bytea NOT NULL,
    said bytea NOT NULL,
    older bytea,
    owner_hash bytea,
    PRIMARY KEY(project_id, uid)
  ) WITH (fillfactor = 85, autovacuum_vacuum_scale_factor = 0.05);
  CREATE TABLE seen_reports(
    key uuid PRIMARY KEY,
    day int NOT NULL
  );
  CREATE TABLE tombstones(
    uid uuid PRIMARY KEY,
    deleted_at int8 NOT NULL
  );
  CREATE TABLE recent(
    project_id int NOT NULL,
    lane int2 NOT NULL,
    uid uuid NOT NULL,
    last_seen int8 NOT NULL,
    PRIMARY KEY(project_id, lane, uid)
  );
  CREATE TABLE hours(
    project_id int NOT NULL,
    hour int NOT NULL,
    reports int8 NOT NULL,
    first_at int8 NOT NULL,
    last_at int8 NOT NULL,
    longest_ms int8 NOT NULL,
    PRIMARY KEY(project_id, hour)
  ) WITH (fillfactor = 50);
  CREATE TABLE kept_days(
    what text COLLATE "C" NOT NULL,
    first_run int NOT NULL,
    last_run int NOT NULL,
    days int NOT NULL,
    PRIMARY KEY(what, first_run)
  );
`;
