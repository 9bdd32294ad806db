import { serveThread } from '../threads/serve-thread.js';
import { type DataPaths, examineData } from './examine-data.js';

const operations = {
  examine: ({ paths, thorough }: { readonly paths: DataPaths; readonly thorough: boolean }) =>
    examineData(paths, thorough),
};

/** The operations of the thread that examines data. */
export type ExamineOperations = typeof operations;

serveThread(operations, () => undefined);
