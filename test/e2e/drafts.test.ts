import { existsSync, mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { startFaultServer } from '../support/fault-server.js';
import { createTestApp } from '../support/run-app.js';
import { tempFolder } from '../support/temp-folder.js';

function hoursAgo(path: string, hours: number): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, 'half');
  const at = new Date(Date.now() - hours * 3_600_000);
  utimesSync(path, at, at);
  return path;
}

const SERVER = (options = ''): string => `
  import { createHeadcount, fileStorage } from 'headcount';
  const headcount = createHeadcount({ ${options} }); headcount.track(); headcount.notice();
  await headcount.close({ timeoutMs: 8_000 });`;

it('what killed programs had begun to write is removed by a sender after a day', async () => {
  const server = await startFaultServer();
  const app = createTestApp({ 'cli.mjs': SERVER() });
  const data = '.local/share/headcount/acme-cli';
  const inHome = (file: string): string => join(app.home, file);
  const abandoned = [
    '.config/headcount/acme-cli/choice.0f7e6d5c4b3a.tmp',
    `${data}/app.json.0f7e6d5c4b3a.tmp`,
    `${data}/outbox/to-127.0.0.1_9/1-2.a-b.3.claimed-4.a.0f7e6d5c4b3a.tmp`,
  ].map((file) => hoursAgo(inHome(file), 25));
  const kept = [
    hoursAgo(inHome(`${data}/app.json.1f7e6d5c4b3a.tmp`), 23),
    hoursAgo(inHome(`${data}/theirs.tmp`), 25),
  ];
  await app.run('cli.mjs', { env: { HEADCOUNT_ENDPOINT: server.address } });
  expect(server.accepted()).toHaveLength(1);
  expect([abandoned.map(existsSync), kept.map(existsSync)]).toEqual([
    [false, false, false],
    [true, true],
  ]);
});

it('in a folder that the app uses too, only drafts of Headcount’s own files are removed', async () => {
  const server = await startFaultServer();
  const folder = tempFolder('shared');
  const storage = `storage: fileStorage({ folder: ${JSON.stringify(folder)} })`;
  const app = createTestApp({ 'cli.mjs': SERVER(storage) });
  const run = () => app.run('cli.mjs', { env: { HEADCOUNT_ENDPOINT: server.address } });
  await run();
  // Whatever there is after a run was written by a draft, of all names that it can have.
  const written = readdirSync(folder).filter((name) => name !== 'outbox');
  expect(written).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/^anonymous-id\.[0-9a-f]{16}$/),
      expect.stringMatching(/^owner-secret\.[0-9a-f]{16}$/),
      ...['app.json', 'collectors', 'delivery', 'last-request.json', 'notice'],
    ]),
  );
  const seldom = [
    ...['anonymous-id', 'anonymous-id.0a1b2c3d', 'anonymous-id.0a1b2c3d4e5f6071.0a1b2c3d'],
    ...['owner-secret', 'owner-secret.0a1b2c3d', 'deletions', 'deletion-receipt'],
    ...['choice', 'last-exit-upload'],
  ];
  const ours = [...written, ...seldom, 'lease.12', 'lease.seen'].map((name) =>
    hoursAgo(join(folder, `${name}.0123456789ab.tmp`), 72),
  );
  const theirs = ['upload', 'app.json.bak', 'choices', 'outbox/upload', 'losses.old'].map((name) =>
    hoursAgo(join(folder, `${name}.0123456789ab.tmp`), 72),
  );
  await run();
  expect(server.accepted()).toHaveLength(2);
  expect(ours.filter(existsSync)).toEqual([]);
  expect(theirs.filter((file) => !existsSync(file))).toEqual([]);
});
