import { readdirSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import { startFaultServer } from '../support/fault-server.js';
import { outboxFiles, queueFolder } from '../support/outbox-files.js';
import { createTestApp } from '../support/run-app.js';

const THREADS = 8;

it('what threads of a living process had tracked when they were ended is sent by another', async () => {
  const server = await startFaultServer();
  const app = createTestApp({
    'thread.mjs': `import { parentPort } from 'node:worker_threads';
      import { createHeadcount } from 'headcount';
      const headcount = createHeadcount({ packageJson: import.meta.url, flushIntervalMs: 3_600_000 });
      headcount.track(); headcount.track(); // the first can be sent at once
      parentPort.postMessage('tracked'); setInterval(() => undefined, 1e6);`,
    'host.mjs': `import { once } from 'node:events'; import { Worker } from 'node:worker_threads';
      for (let thread = 0; thread < ${THREADS}; thread += 1) {
        const worker = new Worker(new URL('./thread.mjs', import.meta.url));
        await once(worker, 'message');
        await worker.terminate();
      }
      console.log('ended'); setInterval(() => undefined, 1e6);`,
    'cli.mjs': `import { createHeadcount } from 'headcount';
      const headcount = createHeadcount(); headcount.track();
      console.log(JSON.stringify(await headcount.close({ timeoutMs: 8_000 })));`,
  });
  const env = { HEADCOUNT_ENDPOINT: server.address };
  let end = (): void => undefined;
  const host = app.run('host.mjs', {
    env,
    killAfterMs: 60_000,
    started: (child) => (end = () => void child.kill('SIGKILL')),
  });
  const open = (): string[] => outboxFiles(app.home).filter((name) => name.endsWith('.open'));
  await eventually(() => open().length === THREADS, 'a segment of each thread', 30_000);
  await app.run('cli.mjs', { env });
  expect(server.accepted()).toHaveLength(THREADS + 1); // the threads may only be idle
  expect(open()).toHaveLength(THREADS); // nor has anything of theirs gone
  const folder = queueFolder(app.home, server.address);
  for (const name of readdirSync(folder)) utimesSync(join(folder, name), 5, 5); // long ago
  await app.run('cli.mjs', { env });
  end();
  await host;
  const ids = server.accepted().map(({ report_id }) => report_id);
  expect(ids).toHaveLength(2 * THREADS + 2);
  expect(new Set(ids).size).toBe(2 * THREADS + 2);
  expect(outboxFiles(app.home)).toEqual([]);
});
