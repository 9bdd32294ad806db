/**
 * What each node has not counted yet, as it told last, so that others can tell of it when the node is
 * gone. A node of an older release has no journal here.
 */
export const backlogs = `
  ALTER TABLE nodes
    ADD COLUMN journal text COLLATE "C",
    ADD COLUMN host text,
    ADD COLUMN waiting int8,
    ADD COLUMN waiting_since timestamptz;
`;
