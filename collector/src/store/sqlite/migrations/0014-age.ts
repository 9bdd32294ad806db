/**
 * People by how long they have been known, as `value_gaps` has them by what reports say; `age` is a
 * place in `AGES`. `fill-ages.ts` fills it for existing users.
 */
export const age = `
  CREATE TABLE age_gaps(
    project_id INTEGER NOT NULL,
    age INTEGER NOT NULL,
    day INTEGER NOT NULL,
    gap INTEGER NOT NULL,
    n INTEGER NOT NULL,
    PRIMARY KEY(project_id, age, day, gap)
  ) WITHOUT ROWID;
`;
