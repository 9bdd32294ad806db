import { serveThread } from '../threads/serve-thread.js';
import { buildFolder, type BuildFolderOptions } from './build-folder.js';

const operations = { build: (options: BuildFolderOptions) => buildFolder(options) };

/** The operations of the thread that puts a data folder together. */
export type BuildOperations = typeof operations;

serveThread(operations, () => undefined);
