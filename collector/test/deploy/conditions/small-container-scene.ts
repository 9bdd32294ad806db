import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  closeSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmdirSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findCgroup } from '../../../src/host/find-cgroup.js';
import { numberAfter, readKernelFile } from '../../../src/host/kernel-files.js';
import { withToken } from '../../support/admin-token.js';
import { type AtEnd, temporaryFolder } from '../../support/temporary-folder.js';
import { until } from '../../support/until.js';
import { freePort } from '../../support/free-port.js';
import { mountSmallDisk } from '../../support/small-disk.js';
import { NOTICES_AT_ONCE, type Scene, type Stage } from './scene.js';

const MIB = 1024 ** 2;
const LIMIT = 1024 * MIB;
const PROGRAM = fileURLToPath(new URL('collector-in-a-container.mjs', import.meta.url));

/**
 * A collector in a control group with a limit of its memory, which a neighbour in the same group
 * uses up. Its processors are those of the file that it finds as `/proc/stat`: to keep all of them
 * busy for a minute would keep everybody else from them.
 */
export async function playSmallContainer(stage: Stage): Promise<Scene> {
  const { atEnd } = stage;
  const group = createMemoryGroup(atEnd);
  const machine = pretendProcessors(atEnd);
  const eaten = mountSmallDisk(1024, atEnd);
  const port = await freePort();
  const options = {
    data: temporaryFolder(atEnd),
    ...{ port, metricsPort: stage.port, noticeTimes: NOTICES_AT_ONCE },
    alertWebhook: [stage.webhook],
  };
  const child = spawn(
    'unshare',
    [
      ...['--mount', 'sh', '-euc'],
      'mount --bind "$1" /proc/stat; echo $$ > "$2/cgroup.procs"; shift 2; exec "$@"',
      ...['sh', machine.path, group.path, process.execPath, PROGRAM, JSON.stringify(options)],
    ],
    { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] },
  );
  atEnd(async () => {
    child.kill('SIGKILL');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  });
  let log = '';
  child.stdout?.on('data', (chunk: Buffer) => (log += chunk.toString()));
  const skip = (ms: number): void => {
    machine.pass(ms);
    child.send({ skipMs: ms });
  };
  await until('it listens', () => {
    if (child.exitCode !== null) throw new Error(`It has ended: ${log}`);
    return log.includes('listens');
  });
  return {
    ask: async (path) => {
      const answer = await fetch(`http://127.0.0.1:${port}${path}`, { headers: withToken() });
      return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
    },
    log: () => log,
    provoke: async () => {
      const mib = Math.floor((0.95 * LIMIT - group.used()) / MIB);
      const fill = `echo $$ > "$1/cgroup.procs"; exec dd if=/dev/zero of="$2" bs=1M count=${mib} status=none`;
      execFileSync('sh', ['-euc', fill, 'sh', group.path, join(eaten.path, 'fill')]);
      machine.setBusy(true);
      skip(60_000);
      return Promise.resolve();
    },
    mend: () => {
      eaten.makeRoom();
      machine.setBusy(false);
      skip(120_000);
      return Promise.resolve();
    },
  };
}

/** A control group with a limit. It is removed at the end. */
function createMemoryGroup(atEnd: AtEnd) {
  const found = findCgroup(readKernelFile, 'memory');
  if (found === undefined) throw new Error('This machine has no control groups for memory.');
  const path = join(found.folders.at(-1) ?? '', `headcount-test-${process.pid}`);
  mkdirSync(path);
  // Its last process has just ended.
  atEnd(() => until('it is gone', () => isDone(() => rmdirSync(path))));
  const isVersion1 = found.version === 1;
  writeFileSync(join(path, isVersion1 ? 'memory.limit_in_bytes' : 'memory.max'), String(LIMIT));
  const read = (file: string): string => readFileSync(join(path, file), 'utf8');
  return {
    path,
    used: () =>
      Number(read(isVersion1 ? 'memory.usage_in_bytes' : 'memory.current')) -
      (numberAfter(read('memory.stat'), isVersion1 ? 'total_inactive_file' : 'inactive_file') ?? 0),
  };
}

function isDone(step: () => void): boolean {
  try {
    step();
    return true;
  } catch {
    return false; // the kernel says that it is in use
  }
}

/** Enough for any machine. */
const PROCESSORS = 256;

/** A file like `/proc/stat`, in which all processors are idle or busy. */
function pretendProcessors(atEnd: AtEnd) {
  const path = join(temporaryFolder(atEnd), 'stat');
  const fd = openSync(path, 'w');
  let [busyMs, atMs, isBusy] = [0, performance.now(), false];
  const pass = (ms: number): void => {
    if (isBusy) busyMs += ms;
    const ticks = String(Math.floor(busyMs / 10)).padStart(12, '0');
    const lines = Array.from(
      { length: PROCESSORS },
      (_, n) => `cpu${n} ${ticks} 0 0 1 0 0 0 0 0 0\n`,
    );
    // Always as long, and in one piece: it is read meanwhile.
    writeSync(fd, lines.join(''), 0);
  };
  const tick = (): void => {
    const now = performance.now();
    pass(now - atMs);
    atMs = now;
  };
  tick();
  const timer = setInterval(tick, 100);
  atEnd(() => {
    clearInterval(timer);
    closeSync(fd);
  });
  return { path, pass, setBusy: (busy: boolean) => void (tick(), (isBusy = busy)) };
}
