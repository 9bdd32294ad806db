import { ProblemError } from '../errors.js';
import { type PageEnd, type PageOptions, readLogPage } from '../log-reading/read-log-page.js';
import type { LogFiles } from '../logs/log-files.js';

/** Reads the files of the log for requests, a few at a time. */
export interface LogReader {
  /** @throws `no_log_files` */
  files(): LogFiles;
  /** @throws `no_log_files`, or `busy` if others read. */
  read(options: Omit<PageOptions, 'folder'>): Promise<PageEnd>;
}

/** Requests that may read at a time. */
const MAX_READERS = 2;

/** Creates the reader. */
export function createLogReader(attached: () => LogFiles | undefined): LogReader {
  let readers = 0;
  const files = (): LogFiles => {
    const found = attached();
    if (found === undefined) {
      const detail = 'The collector runs with --log-bytes-limit 0: its log is on stdout only.';
      throw new ProblemError('no_log_files', detail);
    }
    return found;
  };
  return {
    files,
    read: async (options) => {
      const present = files();
      if (readers >= MAX_READERS) {
        throw new ProblemError('busy', `At most ${MAX_READERS} requests read the log at a time.`);
      }
      readers++;
      try {
        // What was logged up to now is to be found.
        await present.idle();
        return await readLogPage({ ...options, folder: present.folder });
      } finally {
        readers--;
      }
    },
  };
}
