/** Where the counts are written that move to a file, until all are there. */
export const draftOf = (path: string): string => `${path}.moving`;
