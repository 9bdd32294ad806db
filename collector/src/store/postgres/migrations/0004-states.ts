/**
 * What tells one state of the counts from every other: a random name for each lane, given anew by each
 * transaction that writes. A number would come again, with other counts, after a standby that knew less
 * has become the primary.
 */
export const states = `
  ALTER TABLE lanes ADD COLUMN state uuid NOT NULL DEFAULT gen_random_uuid();
`;
