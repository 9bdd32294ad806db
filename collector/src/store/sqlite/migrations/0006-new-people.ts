/** Finds the new people of each day, for the question which days are unusual. */
export const newPeople = `
  CREATE INDEX gaps_new ON gaps(project_id, day, n) WHERE ci = 0 AND gap = 0;
`;
