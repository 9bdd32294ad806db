import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { onTestFinished } from 'vitest';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { until } from '../../support/until.js';
import type { Image } from './build-image.js';

const run = promisify(execFile);

export interface Said {
  readonly code: number;
  readonly out: string;
}

export interface Container {
  /** The volumes of the image, as folders of this machine. */
  readonly volumes: Readonly<Record<string, string>>;
  readonly output: () => string;
  /** Waits until it listens. @throws What it wrote, if it does not. */
  readonly listens: () => Promise<void>;
  /** A line of `/proc/1/status`. */
  readonly status: (name: string) => string;
  /** Runs a command in it as its user, as `docker exec` does. */
  readonly exec: (...command: readonly string[]) => Promise<Said>;
  /** Sends process 1 a signal. */
  readonly signal: (name: string) => void;
  /** The exit code of process 1. */
  readonly ended: Promise<number | null>;
}

/**
 * Runs the image as Docker does with `read_only`, `cap_drop: ALL` and `no-new-privileges`: in mount,
 * process, network, IPC and host name namespaces of its own, with the volumes as the only folders of a
 * disk that can be written, and `/tmp` in memory. Ended after the test.
 */
export async function runContainer(
  image: Image,
  env: Record<string, string> = {},
): Promise<Container> {
  const folder = temporaryFolder();
  const [uid = 0, gid = 0] = image.user.split(':').map(Number);
  const root = join(folder, 'root');
  mkdirSync(root);
  const volumes: Record<string, string> = {};
  for (const path of image.volumes) {
    const volume = join(folder, path.slice(1));
    mkdirSync(volume, { mode: 0o700 });
    chownSync(volume, uid, gid);
    volumes[path] = volume;
  }
  const settings = Object.entries({ PATH, HOME: '/home/node', ...image.env, ...env });
  const words = settings.map(([name, value]) => `${name}=${value}`);
  const script = [
    'ip link set lo up',
    // Without an upper folder, an overlay can only be read.
    `mount -t overlay overlay -o lowerdir=${image.layer}:${image.base} ${root}`,
    `mount -t proc proc ${root}/proc`,
    `mount -t tmpfs -o mode=1777,size=64m,noexec,nosuid,nodev tmpfs ${root}/tmp`,
    `mount --rbind /dev ${root}/dev`,
    ...Object.entries(volumes).map(([path, volume]) => `mount --bind ${volume} ${root}${path}`),
    `exec setpriv --no-new-privs --inh-caps=-all chroot --userspec=${image.user} --groups=${gid} ${root} "$@"`,
  ].join(' && ');
  const child = spawn(
    'unshare',
    [
      ...['--mount', '--pid', '--net', '--ipc', '--uts', '--fork'],
      ...['sh', '-c', script, 'container', '/usr/bin/env', '-i', ...words],
      ...[...image.entrypoint, ...image.command],
    ],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  }
  const ended = once(child, 'close').then(([code]) => code as number | null);
  const pid = await firstProcess(child, () => output);
  onTestFinished(async () => {
    // With process 1, the kernel ends everything in the container.
    if (child.exitCode === null) process.kill(pid, 'SIGKILL');
    await ended;
  });
  return {
    ...{ volumes, output: () => output, ended },
    listens: async () => {
      try {
        await until('it listens', () => output.includes('listens on'));
      } catch (error) {
        throw new Error(`The container does not listen: ${output}`, { cause: error });
      }
    },
    status: (name) => {
      const text = readFileSync(`/proc/${pid}/status`, 'utf8');
      return new RegExp(`^${name}:\\s*(.*)$`, 'm').exec(text)?.[1] ?? '';
    },
    exec: async (...command) => {
      const enter = [
        '--target',
        String(pid),
        '--mount',
        '--pid',
        '--net',
        '--ipc',
        '--uts',
        '--root',
      ];
      const as = ['--wd=/', '--setuid', String(uid), '--setgid', String(gid)];
      try {
        const said = await run('nsenter', [
          ...enter,
          ...as,
          '/usr/bin/env',
          '-i',
          ...words,
          ...command,
        ]);
        return { code: 0, out: said.stdout + said.stderr };
      } catch (error) {
        const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
        return { code, out: stdout + stderr };
      }
    },
    signal: (name) => void process.kill(pid, name),
  };
}

const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** The process that is 1 inside, by its number out here, once it is the collector. */
async function firstProcess(child: ChildProcess, output: () => string): Promise<number> {
  let pid = 0;
  await until('the container runs', () => {
    if (child.exitCode !== null) throw new Error(`The container has ended: ${output()}`);
    const path = `/proc/${child.pid}/task/${child.pid}/children`;
    pid = Number(readFileSync(path, 'utf8').trim().split(' ')[0]);
    return pid > 0 && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('headcount-collector');
  });
  return pid;
}
