import type { Files, Folders } from '../platform/platform.js';

/** The file with the last request that a collector has acknowledged, for the user to look at. */
export const LAST_REQUEST = 'last-request.json';

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
