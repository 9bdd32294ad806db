import { execFileSync, fork, spawn, spawnSync } from 'node:child_process';
import { closeSync, openSync, readdirSync, readlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { TRACK_ONCE } from '../support/arrival.js';
import { eventually } from '../support/eventually.js';
import { type ExitChild, exitChildren } from '../support/exit-children.js';
import { silent, startFaultServer } from '../support/fault-server.js';
import { createTestApp, type TestApp } from '../support/run-app.js';
import { tempFolder } from '../support/temp-folder.js';

const childOf = ({ home }: TestApp): Promise<ExitChild> =>
  eventually(() => exitChildren(home)[0], 'a sending child');

/** An app, and a server that never answers: its child lives for ten seconds. */
async function appWithChild(code = TRACK_ONCE) {
  const server = await startFaultServer(silent);
  const app = createTestApp({ 'cli.mjs': code });
  onTestFinished(() => exitChildren(app.home).forEach(({ pid }) => process.kill(pid, 'SIGKILL')));
  const env = {
    PATH: process.env['PATH'],
    HOME: app.home,
    HEADCOUNT_ENDPOINT: server.address,
    HEADCOUNT_EXIT_UPLOAD_INTERVAL_MS: '0',
  };
  return { app, env, script: join(app.folder, 'cli.mjs') };
}

const isLocked = (file: string): boolean => spawnSync('flock', ['-n', file, 'true']).status !== 0;

describe('the child inherits', () => {
  it('no lock of the shell that started the host', async () => {
    const { app, env, script } = await appWithChild();
    const lock = join(tempFolder('lock'), 'lock');
    const shell = `exec 200>"$0"; flock -n 200; "$@"`;
    execFileSync('bash', ['-c', shell, lock, process.execPath, script], { env });
    await childOf(app);
    expect(isLocked(lock)).toBe(false);
  });

  it.each([
    ['3', [3]],
    ['16', [16]],
    ['63', [63]],
    ['1000', [1000]],
    ['some far apart', [5, 17, 40, 41, 255, 900]],
    ['three hundred', Array.from({ length: 300 }, (_, at) => at + 3)],
  ])('no pipe: %s', async (_name, fds) => {
    const { app, env, script } = await appWithChild();
    const stdio = Array<'ignore' | 'pipe'>(Math.max(...fds) + 1).fill('ignore');
    for (const fd of fds) stdio[fd] = 'pipe';
    const host = spawn(process.execPath, [script], { env, stdio });
    let open = fds.length;
    for (const fd of fds) {
      // The cast: a pipe can be read.
      const pipe = host.stdio[fd] as unknown as NodeJS.ReadableStream;
      pipe.resume().on('close', () => (open -= 1));
    }
    const { pid } = await childOf(app);
    await eventually(() => open === 0, 'the end of all pipes', 5_000);
    expect(exitChildren(app.home).map((child) => child.pid)).toEqual([pid]);
  });

  it('nothing but an empty device in place of files and sockets', async () => {
    const { app, env, script } = await appWithChild();
    const file = openSync(join(tempFolder('file'), 'log'), 'w');
    onTestFinished(() => closeSync(file));
    const stdio = Array<'ignore' | 'pipe' | number>(71).fill('ignore');
    [stdio[20], stdio[30], stdio[70]] = ['pipe', file, file];
    spawn(process.execPath, [script], { env, stdio });
    const { pid } = await childOf(app);
    const targets = readdirSync(`/proc/${pid}/fd`).map((fd) => {
      try {
        return [fd, readlinkSync(`/proc/${pid}/fd/${fd}`)] as const;
      } catch {
        return [fd, 'closed'] as const;
      }
    });
    const inherited = targets.filter(([fd]) => ['20', '30', '70'].includes(fd));
    expect(inherited.map(([, target]) => target)).toEqual(Array(3).fill('/dev/null'));
    expect(targets.some(([, target]) => target.endsWith('/log'))).toBe(false);
  });

  it('no channel to the process that has forked the host', async () => {
    const { app, env, script } = await appWithChild();
    const host = fork(script, { env, stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
    let isClosed = false;
    host.once('disconnect', () => (isClosed = true));
    await childOf(app);
    await eventually(() => isClosed, 'the end of the channel', 5_000);
    expect(exitChildren(app.home)).toHaveLength(1);
  });

  it('nothing that native code of the host has opened', async () => {
    const folder = tempFolder('native');
    const lock = join(folder, 'lock');
    const [source, library] = [join(folder, 'opens.c'), join(folder, 'opens.so')];
    writeFileSync(
      source,
      `#include <fcntl.h>
       #include <sys/file.h>
       __attribute__((constructor)) static void opens(void) {
         flock(open(${JSON.stringify(lock)}, O_RDWR | O_CREAT, 0600), LOCK_EX);
       }`,
    );
    execFileSync('gcc', ['-shared', '-fPIC', '-o', library, source]);
    const { app, env, script } = await appWithChild(`
      try { process.dlopen({ exports: {} }, ${JSON.stringify(library)}); } catch { /* no addon */ }
      ${TRACK_ONCE}`);
    execFileSync(process.execPath, [script], { env });
    await childOf(app);
    expect(isLocked(lock)).toBe(false);
  });
});

describe('no child is started', () => {
  it.each([
    ['too many', 'for (let count = 0; count < 1_100; count += 1) openSync("/dev/null");'],
    ['too high', ''],
  ])('by a host whose descriptors are %s, and the next run sends all', async (name, code) => {
    const server = await startFaultServer();
    const app = createTestApp({
      'many.mjs': `import { openSync } from 'node:fs'; ${TRACK_ONCE} ${code}`,
      'cli.mjs': TRACK_ONCE,
    });
    const env = {
      HEADCOUNT_ENDPOINT: server.address,
      HEADCOUNT_EXIT_UPLOAD_INTERVAL_MS: undefined,
    };
    const wrapper =
      name === 'too high' ? ['bash', '-c', 'exec 5000</dev/null; exec "$@"', 'sh'] : [];
    const run = await app.run('many.mjs', { env, wrapper });
    expect(run).toMatchObject({ code: 0, stdout: 'done\n', stderr: '' });
    expect(exitChildren(app.home)).toEqual([]);
    expect(server.connections()).toBe(0);
    await app.run('cli.mjs', { env }); // in the same interval: the turn was given back
    await eventually(() => server.accepted().length === 2, 'both reports');
  });
});
