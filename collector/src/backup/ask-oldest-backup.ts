import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { fileURLToPath } from 'node:url';
import type { OldestBackup } from '../erasures/erasure-keeper.js';

const PROCESS = fileURLToPath(new URL('./oldest-backup-process.js', import.meta.url));

/** How long it may take, in milliseconds. */
const ANSWER_WITHIN_MS = 60_000;

const run = promisify(execFile);

/**
 * Finds the oldest backup in a folder; `undefined` without one. It does so in a process of its own:
 * a disk that hangs would hold up this one, or keep it from ending.
 *
 * @throws If the folder cannot be read in a minute.
 */
export async function askOldestBackup(
  folder: string,
  signal: AbortSignal,
): Promise<OldestBackup | undefined> {
  const { stdout } = await run(process.execPath, [PROCESS, folder], {
    ...{ env: {}, signal, timeout: ANSWER_WITHIN_MS, killSignal: 'SIGKILL' },
  });
  const found: unknown = JSON.parse(stdout);
  return (found ?? undefined) as OldestBackup | undefined; // as the process has written it
}
