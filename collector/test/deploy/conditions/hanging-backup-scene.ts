import { readdirSync, readFileSync } from 'node:fs';
import { until } from '../../support/until.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { type Scene, type Stage, startOnStage } from './scene.js';

const DAY_MS = 86_400_000;

/** The first backup hangs, as on a disk that does not answer: its process is stopped. */
export async function playHangingBackup(stage: Stage): Promise<Scene> {
  const { collector, clocks, ask, log } = await startOnStage(stage, {
    backupDir: temporaryFolder(stage.atEnd),
  });
  let running: Promise<unknown> | undefined;
  let pid: number | undefined;
  const signal = (name: NodeJS.Signals): void =>
    void (pid !== undefined && process.kill(pid, name));
  // A process that is stopped would not end with the collector.
  stage.atEnd(async () => {
    if (running !== undefined) signal('SIGCONT');
    await running;
  });
  return {
    ...{ ask, log },
    provoke: async () => {
      running = collector.jobs.runNow('backup').finally(() => (running = undefined));
      await until('the backup is made', () => {
        pid = findProcess('backup', collector.data);
        return pid !== undefined;
      });
      signal('SIGSTOP');
      clocks.wallMs += 3 * DAY_MS;
    },
    mend: async () => {
      signal('SIGCONT');
      await running;
    },
  };
}

/** The process whose command line has all of these words. */
function findProcess(...words: readonly string[]): number | undefined {
  const found = readdirSync('/proc').find((name) => {
    if (!/^\d+$/.test(name)) return false;
    try {
      const line = readFileSync(`/proc/${name}/cmdline`, 'utf8').split('\0');
      return words.every((word) => line.includes(word));
    } catch {
      return false; // it has ended
    }
  });
  return found === undefined ? undefined : Number(found);
}
