import { OTHER } from '../../../rules/limits.js';

/** SQL for the name of a value that a user's row holds. One that gave its place up is `other`. */
export const nameOf = (column: string): string =>
  `coalesce((SELECT value FROM dims WHERE id = ${column}), '${OTHER}')`;
