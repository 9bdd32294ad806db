import { mkdirSync, readdirSync } from 'node:fs';
import { describe, expect, it, onTestFinished } from 'vitest';
import { eventually } from '../support/eventually.js';
import { exitChildren } from '../support/exit-children.js';
import { startHttpRecorder } from '../support/http-recorder.js';
import { startNamespace } from '../support/namespace.js';
import { ADA, BIN, CONFIG, give, STATE } from '../support/other-users.js';
import { createTestApp, runNode, type TestApp } from '../support/run-app.js';
import { inTaskLimit } from '../support/task-limit.js';

const FILES = { 'cli.mjs': `import { track } from 'headcount'; track();` };
const SENT = /^The next report will be sent .+\.$/;

async function startServer() {
  const recorder = await startHttpRecorder();
  onTestFinished(() => recorder.close());
  return recorder;
}

interface Situation {
  readonly app: TestApp;
  readonly env: Record<string, string>;
  readonly wrapper?: readonly string[];
  readonly nodeArgs?: readonly string[];
}

async function doctor({ app, ...options }: Situation) {
  const args = ['doctor', '--project', 'acme-cli'];
  const found = await runNode(BIN, app.home, { ...options, args, killAfterMs: 30_000 });
  return { ...found, verdict: found.stdout.trimEnd().split('\n').at(-1) ?? '' };
}

describe('the verdict of headcount doctor', () => {
  it.each([
    ['read-only', 'mount -t tmpfs -o ro none "$1"', 'EROFS', /right to write/],
    [
      'on a full disk',
      'mount -t tmpfs -o size=64k none "$1"; chmod 700 "$1"; dd if=/dev/zero of="$1/x" bs=1k count=64 status=none',
      'ENOSPC',
      /Free some disk space/,
    ],
  ])(
    'is true where the home folder is %s: reports are sent from memory',
    async (_, mount, code, advice) => {
      const server = await startServer();
      const app = createTestApp(FILES);
      const { wrapper } = await startNamespace(mount, app.home);
      const situation = { app, wrapper, env: { HEADCOUNT_ENDPOINT: server.address } };
      const found = await doctor(situation);
      expect(found.stdout).toMatch(new RegExp(`^PROBLEM {2}folder .*\\(${code}\\)$`, 'm'));
      expect(found.stdout).toMatch(advice);
      expect(found.verdict).toMatch(SENT);
      expect(found.code).toBe(3);
      await app.run('cli.mjs', situation);
      await eventually(() => server.reports().length === 1, 'the report');
    },
  );

  it('is true in the home of another user, where nothing is written', async () => {
    const server = await startServer();
    const app = createTestApp(FILES);
    mkdirSync(`${app.home}/.config`);
    give(app.home, ADA);
    const situation = { app, env: { HEADCOUNT_ENDPOINT: server.address } };
    const found = await doctor(situation);
    expect(found.stdout).toMatch(/^PROBLEM {2}folder .*\(EACCES\)$/m);
    expect(found.stdout).toMatch(/^note {5}warning .* (belongs to another user|does not belong)/m);
    expect(found.stdout).toContain('Run the program as the user that the folder belongs to');
    expect(found.verdict).toMatch(SENT);
    expect(found.code).toBe(3);
    await app.run('cli.mjs', situation);
    await eventually(() => server.reports().length === 1, 'the report');
  });

  it('says that no process can be started where there are too few tasks', async () => {
    const server = await startServer();
    const app = createTestApp(FILES);
    const env = { HEADCOUNT_ENDPOINT: server.address };
    const found = await doctor({ app, env, wrapper: inTaskLimit(32) });
    expect(found.stdout).toMatch(/^note {5}exit .*too few tasks/m);
    expect(found.stdout).toContain('--pids-limit');
    expect(found.verdict).toMatch(
      /by the next run that lasts long enough \(no process can be started/,
    );
    expect(found.verdict).toMatch(SENT);
  });

  it('says that no process can be started under the permission model', async () => {
    const server = await startServer();
    const app = createTestApp(FILES);
    const env = { HEADCOUNT_ENDPOINT: server.address };
    const nodeArgs = [
      ...['--experimental-permission', '--allow-worker'],
      ...['--allow-fs-read=*', '--allow-fs-write=*'],
    ];
    const found = await doctor({ app, env, nodeArgs });
    expect(found.stdout).toMatch(/^note {5}exit .*permission model/m);
    expect(found.stdout).toContain('--allow-child-process');
    expect(found.verdict).toMatch(SENT);
  });

  it('tries to start a process: too many descriptors are found', async () => {
    const server = await startServer();
    const app = createTestApp(FILES);
    const env = { HEADCOUNT_ENDPOINT: server.address };
    const many = [
      'bash',
      '-c',
      'for i in $(seq 300 1400); do eval "exec $i</dev/null"; done; exec "$@"',
      'x',
    ];
    const found = await doctor({ app, env, wrapper: many });
    expect(found.stdout).toMatch(/^note {5}exit .*descriptors .* unknown or too many/m);
    expect(found.verdict).toMatch(SENT);
  });

  it('leaves no file but the folders, and ends its process', async () => {
    const server = await startServer();
    const app = createTestApp(FILES);
    await doctor({ app, env: { HEADCOUNT_ENDPOINT: server.address } });
    const below = readdirSync(app.home, { recursive: true, encoding: 'utf8' });
    const outbox = `${STATE}/outbox`;
    expect(below.filter((name) => !CONFIG.startsWith(name) && !outbox.startsWith(name))).toEqual(
      [],
    );
    await eventually(() => exitChildren(app.home).length === 0, 'the end of the process');
  });
});
