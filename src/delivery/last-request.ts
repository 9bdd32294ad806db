import { LAST_REQUEST } from '../file-names.js';
import type { Files, Folders } from '../platform/platform.js';

/** Keeps a request's body. Never throws: what cannot be kept cannot be shown. */
export function keepLastRequest(
  files: Pick<Files, 'replace'>,
  folders: Folders | undefined,
  body: string,
): void {
  try {
    if (folders) files.replace(`${folders.state}/${LAST_REQUEST}`, body);
  } catch {
    return;
  }
}
