import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type AtEnd, temporaryFolder } from './temporary-folder.js';
import { until } from './until.js';

const SOURCE = fileURLToPath(new URL('../faults/hanging-mount.c', import.meta.url));

/** Makes disks hang for real: everything that asks for a file on them waits. Needs root. */
export interface HangingMounts {
  /** Mounts a disk that hangs over a folder. */
  readonly hang: (folder: string) => Promise<void>;
  /** Takes all of them away: what waits for them fails, and the folders have their content again. */
  readonly release: () => Promise<void>;
}

/** Builds what mounts them. They are released at the end at the latest. */
export function buildHangingMounts(atEnd: AtEnd): HangingMounts {
  const program = join(temporaryFolder(atEnd), 'hanging-mount');
  execFileSync('gcc', ['-O1', '-o', program, SOURCE]);
  let ends: (() => Promise<void>)[] = [];
  const release = async (): Promise<void> => {
    const all = ends;
    ends = [];
    await Promise.all(all.map((end) => end()));
  };
  atEnd(release);
  return {
    release,
    hang: async (folder) => {
      const child = spawn(program, [folder], { stdio: ['pipe', 'pipe', 'pipe'] });
      let said = '';
      for (const stream of [child.stdout, child.stderr]) {
        stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
      }
      const closed = once(child, 'close');
      ends.push(async () => {
        child.stdin.end();
        await closed;
      });
      await until('it is mounted', () => said !== '' || child.exitCode !== null);
      if (said !== 'mounted\n') throw new Error(`${folder} cannot be made to hang: ${said}`);
    },
  };
}
