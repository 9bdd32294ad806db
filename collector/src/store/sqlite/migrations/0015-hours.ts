/** When reports came, hour by hour: an hour without any has no row. Nothing is known of earlier ones. */
export const hours = `
  CREATE TABLE hours(
    project_id INTEGER NOT NULL,
    hour INTEGER NOT NULL,
    reports INTEGER NOT NULL,
    first_at INTEGER NOT NULL,
    last_at INTEGER NOT NULL,
    longest_ms INTEGER NOT NULL,
    PRIMARY KEY(project_id, hour)
  ) WITHOUT ROWID;
`;
