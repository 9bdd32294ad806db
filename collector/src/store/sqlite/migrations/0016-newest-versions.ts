/**
 * People by their last day and the version they ran on it, so that the support of versions need not
 * read everybody. `fill-newest-versions.ts` fills it for existing users.
 */
export const newestVersions = `
  CREATE TABLE newest_versions(
    value_id INTEGER NOT NULL REFERENCES dims(id),
    day INTEGER NOT NULL,
    n INTEGER NOT NULL,
    PRIMARY KEY(value_id, day)
  ) WITHOUT ROWID;
`;
