import { mkdirSync, readdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { expectAllArriveOnce, TRACK_ONCE } from '../support/arrival.js';
import { eventually } from '../support/eventually.js';
import { exitChildren } from '../support/exit-children.js';
import { silent, startFaultServer } from '../support/fault-server.js';
import { outboxFiles } from '../support/outbox-files.js';
import { createTestApp, type RunOptions, type TestApp } from '../support/run-app.js';

const FILES = { 'cli.mjs': TRACK_ONCE, 'later.mjs': `import { track } from 'headcount'; track();` };
const DUE = '1000';
const stateOf = ({ home }: TestApp): string => join(home, '.local/share/headcount/acme-cli');

/** With the usual time between two children. */
const at = (address: string, wrapper: readonly string[] = []): RunOptions => ({
  wrapper,
  env: { HEADCOUNT_ENDPOINT: address, HEADCOUNT_EXIT_UPLOAD_INTERVAL_MS: undefined },
});

/** Runs a command where a file can be read, but neither renamed, replaced nor removed (EBUSY). */
const holding = (file: string): readonly string[] => [
  ...['unshare', '--mount', 'sh', '-euc', 'mount --bind "$0" "$0"; exec "$@"', file],
];

describe('the time of the last child', () => {
  it('may be in a file that somebody holds: reports arrive all the same, each once', async () => {
    const server = await startFaultServer();
    const app = createTestApp(FILES);
    const file = join(stateOf(app), 'last-exit-upload');
    mkdirSync(stateOf(app), { recursive: true });
    writeFileSync(file, DUE);
    for (const count of [1, 2, 3]) {
      const run = await app.run('cli.mjs', at(server.address, holding(file)));
      expect(run).toMatchObject({ code: 0, stdout: 'done\n', stderr: '' });
      await eventually(() => server.accepted().length === count, `report ${count}`);
      await eventually(() => exitChildren(app.home).length === 0, 'the end of the child');
    }
    expect(new Set(server.accepted().map(({ report_id }) => report_id)).size).toBe(3);
    expect(readFileSync(file, 'utf8')).toBe(DUE);
    expect(outboxFiles(app.home)).toEqual([]);
    expect(readdirSync(stateOf(app)).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  it('holds in such a file too: no child comes before its time', async () => {
    const server = await startFaultServer();
    const app = createTestApp(FILES);
    const file = join(stateOf(app), 'last-exit-upload');
    mkdirSync(stateOf(app), { recursive: true });
    writeFileSync(file, String(Date.now()));
    await app.run('cli.mjs', at(server.address, holding(file)));
    expect(exitChildren(app.home)).toEqual([]);
    expect(outboxFiles(app.home)).toHaveLength(1);
  });

  it('may be a folder', async () => {
    const server = await startFaultServer();
    const app = createTestApp(FILES);
    const folder = join(stateOf(app), 'last-exit-upload');
    mkdirSync(join(folder, 'inner'), { recursive: true });
    await app.run('cli.mjs', at(server.address));
    await eventually(() => server.accepted().length === 1, 'the report');
    rmdirSync(join(folder, 'inner'));
    rmSync(folder, { recursive: true });
  });
});

describe('a child that a process manager ends', () => {
  it.each([
    ['at once', () => true],
    ['in the middle of a request', (connections: number) => connections > 0],
  ])('(%s) delays its reports and loses none', async (_when, isTime) => {
    const server = await startFaultServer(silent);
    const app = createTestApp(FILES);
    const env = { HEADCOUNT_ENDPOINT: server.address };
    await app.run('cli.mjs', { env });
    const [child] = await eventually(() => {
      const found = exitChildren(app.home);
      return found.length > 0 && isTime(server.connections()) ? found : undefined;
    }, 'a sending child');
    process.kill(-(child?.pid ?? 0), 'SIGKILL'); // its whole group, as a job object does
    await server.heal();
    await expectAllArriveOnce({ app, accepted: server.accepted, tracked: 1, options: { env } });
  });
});
