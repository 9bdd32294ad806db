import { APP_RECORD } from '../file-names.js';
import type { Mode } from '../consent/decide.js';
import type { Files, Folders } from '../platform/platform.js';

/** What is known of an app from its last run. */
export interface AppRecord {
  readonly project: string;
  readonly version: string;
  /** Absent where nobody has named one. */
  readonly endpoint?: string;
  readonly mode: Mode;
  readonly notice: 'none' | 'before-send';
  readonly command?: string;
  /** The hash of the declared events. Their words are the author's, who may have made them at run time. */
  readonly events: string;
}

/** Reads a record. What is no record counts as none. */
export function parseAppRecord(text: string | undefined): AppRecord | undefined {
  try {
    const json = JSON.parse(text ?? 'null') as Partial<Record<keyof AppRecord, unknown>> | null;
    if (!json || typeof json.project !== 'string' || typeof json.version !== 'string') return;
    const { project, version, endpoint, mode, notice, command, events } = json;
    const isMode = mode === 'local' || mode === 'off' || mode === 'opt-in';
    return {
      project,
      version,
      mode: isMode ? mode : 'on',
      notice: notice === 'before-send' ? notice : 'none',
      events: String(events),
      ...(typeof endpoint === 'string' && { endpoint }),
      ...(typeof command === 'string' && { command }),
    };
  } catch {
    return undefined; // half-written, or something else's
  }
}

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
