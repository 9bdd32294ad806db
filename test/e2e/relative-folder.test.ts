import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import { exitChildren } from '../support/exit-children.js';
import { startFaultServer } from '../support/fault-server.js';
import { filesBelow } from '../support/outbox-files.js';
import { createTestApp } from '../support/run-app.js';
import { tempFolder } from '../support/temp-folder.js';

const CREATE = `import { createHeadcount, fileStorage } from 'headcount';
  const headcount = createHeadcount({ storage: fileStorage({ folder: 'var/data' }) });
  process.chdir('elsewhere');`;

it('a relative folder is the same one for host, worker, child and choice', async () => {
  const server = await startFaultServer();
  const app = createTestApp({
    'exit.mjs': `${CREATE} headcount.track();`,
    'worker.mjs': `${CREATE} headcount.track(); await headcount.close({ timeoutMs: 8_000 });`,
    'out.mjs': `${CREATE} console.log(JSON.stringify(await headcount.optOut()));`,
  });
  const temp = tempFolder('tmp');
  mkdirSync(join(app.folder, 'elsewhere'));
  const env = { HEADCOUNT_ENDPOINT: server.address, TMPDIR: temp };
  const { accepted } = server;
  const data = join(app.folder, 'var/data');
  expect(await app.run('exit.mjs', { env })).toMatchObject({ code: 0, stdout: '', stderr: '' });
  await eventually(() => accepted().length === 1, 'the report by the child');
  await eventually(() => exitChildren(app.home).length === 0, 'no child left', 20_000);
  expect(await app.run('worker.mjs', { env })).toMatchObject({ code: 0, stderr: '' });
  expect(accepted()).toHaveLength(2);
  expect(new Set(accepted().map(({ anonymous_id }) => anonymous_id)).size).toBe(1);
  expect(await app.run('out.mjs', { env })).toMatchObject({ code: 0, stderr: '' });
  expect(readdirSync(data)).toEqual(
    expect.arrayContaining([expect.stringMatching(/^anonymous-id/), 'choice', 'outbox']),
  );
  expect(filesBelow(join(data, 'outbox'))).toEqual([]);
  expect(readdirSync(temp)).toEqual([]); // where a child works
  expect(readdirSync(join(app.folder, 'elsewhere'))).toEqual([]);
});
