/** The keyed hash of each user's owner. Users of older releases get theirs from their next report. */
export const owners = `
  ALTER TABLE users ADD COLUMN owner_hash BLOB;
`;
