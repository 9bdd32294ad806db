import type { Files, Folders } from '../platform/platform.js';
import { APP_RECORD, type AppRecord } from './app-record.js';

/** Keeps what the user's own command must know of the app. Never throws; writes only changes. */
export function rememberApp(
  files: Pick<Files, 'read' | 'replace'>,
  folders: Folders | undefined,
  record: AppRecord,
): void {
  if (!folders) return;
  const file = `${folders.state}/${APP_RECORD}`;
  const text = JSON.stringify(record);
  try {
    if (files.read(file) !== text) files.replace(file, text);
  } catch {
    return; // the command asks for the endpoint then
  }
}
