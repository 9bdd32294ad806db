/** On which days retention ran, and how many days it kept of a kind of data. */
export const keptDays = `
  CREATE TABLE kept_days(
    what TEXT NOT NULL,
    first_run INTEGER NOT NULL,
    last_run INTEGER NOT NULL,
    days INTEGER NOT NULL,
    PRIMARY KEY(what, first_run)
  ) WITHOUT ROWID;
`;
