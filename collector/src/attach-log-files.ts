import type { OpenedParts } from './opened-parts.js';
import { type LogFilesOptions, openLogFiles } from './logs/log-files.js';
import type { LogTee } from './logs/log-tee.js';

/**
 * Keeps the log in files too, unless they may have no room. Called once everything else is open: a
 * start that failed leaves no files.
 */
export function attachLogFiles(
  logTee: LogTee | undefined,
  options: LogFilesOptions,
  keepLongest: OpenedParts['keepLongest'],
): void {
  if (logTee === undefined || options.maxBytes === 0) return;
  const files = openLogFiles(options);
  // Closed last, since the other parts log while they close.
  keepLongest(files);
  logTee.attach(files);
}
