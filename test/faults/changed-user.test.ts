import { chmodSync, chownSync } from 'node:fs';
import { dirname } from 'node:path';
import { expect, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import { startFaultServer } from '../support/fault-server.js';
import { outboxFiles } from '../support/outbox-files.js';
import { createTestApp } from '../support/run-app.js';

const NOBODY = 65_534;

it('a program that changes its user leaves its open segment to the next one of the old user', async () => {
  const server = await startFaultServer();
  const app = createTestApp({
    'daemon.mjs': `import { createHeadcount } from 'headcount';
      const headcount = createHeadcount();
      headcount.track(); headcount.track();
      process.setgroups([]); process.setgid(${NOBODY}); process.setuid(${NOBODY});
      headcount.track();
      await headcount.flush();
      console.log(headcount.status().queued);`,
    'cli.mjs': `import { track } from 'headcount'; track();`,
  });
  chmodSync(dirname(app.folder), 0o755);
  chownSync(app.home, 0, 0);
  const env = { HEADCOUNT_ENDPOINT: server.address };
  expect(await app.run('daemon.mjs', { env })).toMatchObject({ code: 0, stderr: '' });
  expect(outboxFiles(app.home).filter((name) => name.endsWith('.open'))).toHaveLength(1);
  await app.run('cli.mjs', { env });
  await eventually(() => server.accepted().length === 3, 'both reports, and that of the next run');
  await eventually(() => outboxFiles(app.home).length === 0, 'an empty outbox');
  expect(new Set(server.accepted().map(({ report_id }) => report_id)).size).toBe(3);
});
