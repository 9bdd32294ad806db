const COUNT = 'lane int2 NOT NULL, n int8 NOT NULL';

/** The counts, by lane. Their rows change with every batch, so pages have room for new versions. */
export const rollups = `
  CREATE TABLE quality(
    project_id int NOT NULL, day int NOT NULL, kind text COLLATE "C" NOT NULL, ${COUNT},
    PRIMARY KEY(project_id, day, kind, lane)
  ) WITH (fillfactor = 50);
  CREATE TABLE totals(
    project_id int NOT NULL, total text COLLATE "C" NOT NULL, ${COUNT},
    PRIMARY KEY(project_id, total, lane)
  ) WITH (fillfactor = 50);
  CREATE TABLE latest(
    project_id int NOT NULL, value_id int NOT NULL, ${COUNT},
    PRIMARY KEY(project_id, value_id, lane)
  ) WITH (fillfactor = 50);
  CREATE TABLE newest_versions(
    project_id int NOT NULL, value_id int NOT NULL, day int NOT NULL, ${COUNT},
    PRIMARY KEY(project_id, value_id, day, lane)
  ) WITH (fillfactor = 70);
  CREATE TABLE gaps(
    project_id int NOT NULL, ci int2 NOT NULL, day int NOT NULL, gap int2 NOT NULL, ${COUNT},
    PRIMARY KEY(project_id, ci, day, gap, lane)
  ) WITH (fillfactor = 70);
  CREATE INDEX gaps_new ON gaps(project_id, day) WHERE ci = 0 AND gap = 0;
  CREATE TABLE value_gaps(
    project_id int NOT NULL, value_id int NOT NULL, day int NOT NULL, gap int2 NOT NULL, ${COUNT},
    PRIMARY KEY(project_id, value_id, day, gap, lane)
  ) WITH (fillfactor = 70);
  CREATE TABLE age_gaps(
    project_id int NOT NULL, age int2 NOT NULL, day int NOT NULL, gap int2 NOT NULL, ${COUNT},
    PRIMARY KEY(project_id, age, day, gap, lane)
  ) WITH (fillfactor = 70);
  CREATE TABLE retention(
    project_id int NOT NULL, "interval" text COLLATE "C" NOT NULL, cohort int NOT NULL,
    period int NOT NULL, ${COUNT},
    PRIMARY KEY(project_id, "interval", cohort, period, lane)
  ) WITH (fillfactor = 70);
  CREATE TABLE report_days(
    project_id int NOT NULL, ci int2 NOT NULL, day int NOT NULL, ${COUNT},
    PRIMARY KEY(project_id, ci, day, lane)
  ) WITH (fillfactor = 50);
  CREATE TABLE report_values(
    project_id int NOT NULL, value_id int NOT NULL, day int NOT NULL, ${COUNT},
    PRIMARY KEY(project_id, value_id, day, lane)
  ) WITH (fillfactor = 50);
`;
