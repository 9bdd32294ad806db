import { expect, it } from 'vitest';
import { silent, startFaultServer } from '../support/fault-server.js';
import { createTestApp } from '../support/run-app.js';

interface Told {
  readonly result: { readonly sent: number; readonly queued: number; readonly dropped: number };
  readonly again: Told['result'];
  readonly status: { readonly sent: number; readonly dropped: Record<string, number> };
}

const PROGRAM = `import { createHeadcount } from 'headcount';
  const headcount = createHeadcount();
  for (let n = Number(process.argv[2]); n > 0; n -= 1) headcount.track();
  const result = await headcount.flush();
  const status = headcount.status();
  console.log(JSON.stringify({ result, status, again: await headcount.flush() }));`;

it.each([
  [1, 1, 0],
  [499, 499, 0],
  [500, 500, 0],
  [501, 501, 0],
  [1_000, 1_000, 0],
  [1_200, 700, 500], // dropped by track(), before the call
])('flush() after %d reports says what it has sent of them', async (tracked, sent, dropped) => {
  const server = await startFaultServer();
  const app = createTestApp({ 'cli.mjs': PROGRAM });
  const env = { HEADCOUNT_ENDPOINT: server.address };
  const { stdout, stderr } = await app.run('cli.mjs', { env, args: [String(tracked)] });
  expect(stderr).toBe('');
  const { result, status, again } = JSON.parse(stdout) as Told;
  expect(result).toEqual({ sent, queued: 0, dropped: 0 });
  expect(status.sent).toBe(sent);
  expect(status.dropped).toEqual(dropped > 0 ? { 'outbox-full': dropped } : {});
  expect(again).toEqual({ sent: 0, queued: 0, dropped: 0 });
  expect(server.accepted()).toHaveLength(sent);
});

it('what an automatic attempt has sent before is in the status only', async () => {
  const server = await startFaultServer();
  const app = createTestApp({
    'cli.mjs': `import { createHeadcount } from 'headcount';
      const headcount = createHeadcount({ flushIntervalMs: 0 });
      headcount.track();
      while (headcount.status().sent === 0) await new Promise((done) => setTimeout(done, 20));
      headcount.track('undeclared');
      headcount.track();
      console.log(JSON.stringify(await headcount.flush()));`,
  });
  const { stdout } = await app.run('cli.mjs', { env: { HEADCOUNT_ENDPOINT: server.address } });
  expect(JSON.parse(stdout)).toEqual({ sent: 1, queued: 0, dropped: 0 });
});

it('a flush that was too short leaves its reports to the queue', async () => {
  const server = await startFaultServer(silent);
  const app = createTestApp({
    'cli.mjs': PROGRAM.replace('flush()', 'flush({ timeoutMs: 300 })').replace(
      'await headcount.flush()',
      'result',
    ),
  });
  const env = { HEADCOUNT_ENDPOINT: server.address };
  const { stdout } = await app.run('cli.mjs', { env, args: ['600'] });
  const { result } = JSON.parse(stdout) as Told;
  expect(result).toEqual({ sent: 0, queued: 600, dropped: 0 });
});
