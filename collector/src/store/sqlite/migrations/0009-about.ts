/** Facts about the database itself, such as which pepper its users are hashed with. */
export const about = `
  CREATE TABLE about(
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
  ) WITHOUT ROWID;
`;
