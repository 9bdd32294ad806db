/** When a node last did a job on what nodes share, so that another one that leads knows it. */
export const sharedRuns = `
  CREATE TABLE shared_runs(
    job text COLLATE "C" PRIMARY KEY,
    ended_at timestamptz NOT NULL
  );
`;
