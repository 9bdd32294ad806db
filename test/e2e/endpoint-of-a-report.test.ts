import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import { exitChildren } from '../support/exit-children.js';
import { answering, type FaultServer, silent, startFaultServer } from '../support/fault-server.js';
import { filesBelow, outboxFiles, queueFolder } from '../support/outbox-files.js';
import { createTestApp, type TestApp } from '../support/run-app.js';

/** Two apps of one user that say they are the same project, each with a collector of its own. */
function twoApps(a: string, b: string): readonly [TestApp, TestApp] {
  const files = (endpoint: string) => ({
    'exit.mjs': `import { createHeadcount } from 'headcount';
      createHeadcount({ endpoint: '${endpoint}' }).track();`,
    'killed.mjs': `import { createHeadcount } from 'headcount';
      createHeadcount({ endpoint: '${endpoint}' }).track();
      process.kill(process.pid, 'SIGKILL');`,
    'many.mjs': `import { createHeadcount } from 'headcount';
      const headcount = createHeadcount({ endpoint: '${endpoint}', flushIntervalMs: 86_400_000 });
      for (let n = 0; n < Number(process.argv[2]); n += 1) headcount.track();
      console.log(JSON.stringify(headcount.status().dropped));
      // On a busy machine an append takes long, and the lines of one turn are written after it.
      setImmediate(() => process.kill(process.pid, 'SIGKILL'));`,
    'flush.mjs': `import { createHeadcount } from 'headcount';
      const headcount = createHeadcount({ endpoint: '${endpoint}' });
      headcount.track();
      const flushed = await headcount.flush();
      const { mode, dropped } = headcount.status();
      console.log(JSON.stringify({ flushed, mode, dropped }));`,
  });
  const first = createTestApp(files(a));
  return [first, createTestApp(files(b), { home: first.home })];
}

const countOf = (server: FaultServer): number => server.accepted().length;
const noSender = (app: TestApp) =>
  eventually(() => exitChildren(app.home).length === 0, 'no sender left', 20_000);
const flush = async (app: TestApp): Promise<unknown> =>
  JSON.parse((await app.run('flush.mjs')).stdout) as unknown;
const FLUSHED = { flushed: { sent: 1, queued: 0, dropped: 0 }, mode: 'on', dropped: {} };
const MINUTE_OF_TEST = 60_000;

describe('two apps with one project and two endpoints', () => {
  it('give each collector its own reports, whoever sends them', async () => {
    const [a, b] = [await startFaultServer(), await startFaultServer()];
    const [one, two] = twoApps(a.address, b.address);
    for (let run = 0; run < 3; run += 1) await one.run('killed.mjs');
    await two.run('exit.mjs'); // its sender sends for both
    await eventually(() => a.accepted().length === 3, 'three at the first');
    await eventually(() => b.accepted().length === 1, 'one at the second');
    await eventually(() => outboxFiles(one.home).length === 0, 'an empty outbox');
    const config = join(one.home, '.config/headcount/acme-cli');
    const known = JSON.parse(readFileSync(join(config, 'collectors'), 'utf8')) as { url: string }[];
    expect(known.map(({ url }) => url).sort()).toEqual(
      [`${a.address}/v1/reports`, `${b.address}/v1/reports`].sort(),
    );
  });

  it(
    'do not wait for each other: one is silent, or wants to be left alone',
    async () => {
      const [a, b] = [await startFaultServer(), await startFaultServer()];
      const [one, two] = twoApps(a.address, b.address);
      a.become(answering(() => ({ status: 429, headers: { 'retry-after': '3600' } })));
      await one.run('exit.mjs');
      await noSender(one);
      expect(await flush(two)).toEqual(FLUSHED);
      a.become(silent);
      const started = Date.now();
      await two.run('exit.mjs');
      await eventually(() => countOf(b) === 2, 'the second report of the other app', 5_000);
      expect(Date.now() - started).toBeLessThan(5_000);
      // The hour that the first collector has asked for still holds, for every sender.
      await a.heal();
      await noSender(one);
      expect(await flush(two)).toEqual(FLUSHED);
      expect(await flush(one)).toMatchObject({ flushed: { sent: 0, queued: 1 } });
      expect(a.accepted()).toEqual([]);
    },
    MINUTE_OF_TEST,
  );

  it('are not retired together', async () => {
    const [a, b] = [await startFaultServer(), await startFaultServer()];
    const [one, two] = twoApps(a.address, b.address);
    a.become(
      answering(() => ({
        status: 410,
        headers: { 'content-type': 'application/problem+json' },
        body: JSON.stringify({ type: 'about:blank', code: 'closed', status: 410 }),
      })),
    );
    await one.run('killed.mjs');
    expect(await flush(two)).toEqual(FLUSHED); // its sender hears the 410 of the other
    expect(await flush(two)).toEqual(FLUSHED);
    expect(b.accepted()).toHaveLength(2);
  });

  it(
    'share no bound: a full queue of one takes no room of the other',
    async () => {
      const [a, b] = [await startFaultServer(), await startFaultServer()];
      const [one, two] = twoApps(a.address, b.address);
      await a.refuse();
      await b.refuse();
      await two.run('killed.mjs');
      const { stdout } = await one.run('many.mjs', { args: ['1200'], killAfterMs: 60_000 });
      expect((JSON.parse(stdout) as { 'outbox-full': number })['outbox-full']).toBeGreaterThan(0);
      await b.heal();
      expect(await flush(two)).toMatchObject({ flushed: { sent: 2, dropped: 0 }, dropped: {} });
      // The losses of the one are none of the other.
      expect(b.accepted().map(({ lost_total }) => lost_total)).toEqual([0, 0]);
      expect(filesBelow(queueFolder(one.home, a.address)).length).toBeGreaterThan(0);
    },
    MINUTE_OF_TEST,
  );
});
