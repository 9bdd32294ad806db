import { execFile } from 'node:child_process';
import { statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { ask } from '../support/ask-counts.js';
import { post } from '../support/load.js';
import { fullReport, reportId } from '../support/reports.js';
import { startProcess } from '../support/start-process.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { until } from '../support/until.js';

const DATABASES = ['journal.db', 'counts.db'] as const;

/** A collector's process that collects its garbage, and says so, when it gets SIGUSR2. */
const COLLECTING = `--import=data:text/javascript,${encodeURIComponent(`
  import { setFlagsFromString } from 'node:v8';
  import { runInNewContext } from 'node:vm';
  import { isMainThread } from 'node:worker_threads';
  if (isMainThread) process.on('SIGUSR2', () => {
    setFlagsFromString('--expose-gc');
    runInNewContext('gc')();
    setImmediate(() => console.error('garbage is collected'));
  });`)}`;

/** Opens databases as any program does that may write to them, reads, and closes them. */
async function lookInto(paths: readonly string[]): Promise<void> {
  const libsql = createRequire(import.meta.url).resolve('libsql');
  const code = `
    const Database = require(${JSON.stringify(libsql)});
    for (const path of ${JSON.stringify(paths)}) {
      const db = new Database(path);
      db.exec('SELECT count(*) FROM sqlite_schema');
      db.close();
    }`;
  await promisify(execFile)(process.execPath, ['-e', code]);
}

const send = async (url: string, ids: readonly string[]): Promise<void> => {
  const reports = ids.map((anonymous_id) => fullReport({ anonymous_id }));
  expect(await post(`${url}/v1/reports`, { reports })).toBe(202);
};

it('loses nothing to another program that opens its databases and closes them', async () => {
  const data = temporaryFolder();
  const args = ['--port', '0', '--log-level', 'warn', '--data', data];
  const earlier = await startProcess(args);
  await send(await earlier.url(), [reportId()]);
  earlier.child.kill('SIGTERM');
  expect(await earlier.ended, earlier.stderr()).toBe(0);

  const collector = await startProcess(args, { NODE_OPTIONS: COLLECTING });
  const url = await collector.url();
  await send(url, [reportId()]);
  collector.child.kill('SIGUSR2');
  await until('garbage is collected', () => collector.stderr().includes('garbage is collected'));

  const logs = DATABASES.map((name) => join(data, `${name}-wal`));
  const inodes = (): number[] => logs.map((path) => statSync(path).ino);
  const before = inodes();
  await lookInto(DATABASES.map((name) => join(data, name)));
  expect(inodes()).toEqual(before);
  expect((await fetch(`${url}/health`)).status).toBe(200);

  await send(url, [reportId(), reportId()]);
  await until('all is counted', async () => (await ask(url)).total_reports === 4);
  collector.child.kill('SIGKILL');
  await collector.ended;
  const again = await (await startProcess(args)).url();
  await until('all is counted', async () => (await ask(again)).total_reports === 4);
  expect(await ask(again)).toEqual({ total_users: 4, total_reports: 4 });
});
