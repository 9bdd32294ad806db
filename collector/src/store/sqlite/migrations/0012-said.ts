/**
 * What users' reports said, so that people can be counted by events and their fields. What they said
 * before is not known: only reports were counted. `cleaned_said` has what cleanings of reports took:
 * from the user's row, or from what an earlier cleaning, the origin, holds of the user.
 */
export const said = `
  ALTER TABLE users ADD COLUMN said BLOB NOT NULL DEFAULT x'';
  ALTER TABLE cleaned_users ADD COLUMN said BLOB NOT NULL DEFAULT x'';
  CREATE TABLE cleaned_said(
    cleaning INTEGER NOT NULL,
    project_id INTEGER NOT NULL,
    uid BLOB NOT NULL,
    origin INTEGER NOT NULL,
    last_day INTEGER NOT NULL,
    said BLOB NOT NULL,
    PRIMARY KEY(project_id, uid, cleaning, origin)
  ) WITHOUT ROWID;
  CREATE INDEX cleaned_said_order ON cleaned_said(cleaning, uid, origin);
`;
