import { fileURLToPath } from 'node:url';

/** The path of a file that is shipped, by its path below `collector/deploy`. */
export const deployFile = (path: string): string =>
  fileURLToPath(new URL(`../../../deploy/${path}`, import.meta.url));
