import { APP_RECORD } from '../file-names.js';
import { ownOnly } from '../own-only.js';
import { MAX_EXIT_BUDGET_MS, MAX_INTERVAL_MS } from '../ranges.js';
import type { Mode } from '../consent/decide.js';
import type { Files, Folders } from '../platform/platform.js';

/** What an app's last run has stored about it. */
export interface AppRecord {
  readonly project: string;
  readonly version: string;
  /** Absent if no endpoint is configured. */
  readonly endpoint?: string;
  /** The endpoint comes from HEADCOUNT_ENDPOINT. */
  readonly fromEnvironment?: true;
  /** The endpoint is named in the code, so HEADCOUNT_ENDPOINT does not count. */
  readonly inCode?: true;
  /** The option of this name. */
  readonly allowInsecure?: true;
  /** The options of these names, if they are not the default. */
  readonly flushIntervalMs?: number;
  readonly exitUploadIntervalMs?: number;
  readonly exitBudgetMs?: number;
  readonly mode: Mode;
  readonly notice: 'none' | 'before-send';
  readonly command?: string;
  /**
   * The hash of the declared events. The events themselves may contain any text: they stay out.
   */
  readonly events: string;
}

/** Reads a record; `undefined` if the text is not one. */
export function parseAppRecord(text: string | undefined): AppRecord | undefined {
  try {
    const json = ownOnly(JSON.parse(text ?? '{}') as Partial<Record<keyof AppRecord, unknown>>);
    if (typeof json.project !== 'string' || typeof json.version !== 'string') return;
    const { project, version, endpoint, fromEnvironment, mode, notice, command, events } = json;
    const { inCode, allowInsecure, flushIntervalMs, exitUploadIntervalMs, exitBudgetMs } = json;
    const isMode = mode === 'local' || mode === 'off' || mode === 'opt-in';
    return {
      project,
      version,
      mode: isMode ? mode : 'on',
      notice: notice === 'before-send' ? notice : 'none',
      events: String(events),
      ...(typeof endpoint === 'string' && { endpoint }),
      ...(fromEnvironment === true && { fromEnvironment }),
      ...(inCode === true && { inCode }),
      ...(allowInsecure === true && { allowInsecure }),
      ...(isInterval(flushIntervalMs) && { flushIntervalMs }),
      ...(isInterval(exitUploadIntervalMs) && { exitUploadIntervalMs }),
      ...(isInterval(exitBudgetMs, MAX_EXIT_BUDGET_MS) && { exitBudgetMs }),
      ...(typeof command === 'string' && { command }),
    };
  } catch {
    return undefined; // half-written, or not our file
  }
}

const isInterval = (value: unknown, max = MAX_INTERVAL_MS): value is number =>
  Number.isInteger(value) && Number(value) >= 0 && Number(value) <= max;

/** Stores what the `headcount` command needs to know about the app. Never throws. */
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
    return; // without the file, users must give the command --endpoint
  }
}
