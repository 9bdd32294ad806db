/** Where a file is kept that a move puts another one in the place of. */
export const asideOf = (path: string, at: Date): string =>
  `${path}.moved-${at.toISOString().replaceAll(':', '-')}`;
