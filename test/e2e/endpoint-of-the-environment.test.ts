import { expect, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import { exitChildren } from '../support/exit-children.js';
import { startFaultServer } from '../support/fault-server.js';
import { outboxFiles, queueFolder } from '../support/outbox-files.js';
import { createTestApp } from '../support/run-app.js';

const packageJson = (endpoint: string) => ({
  name: 'acme-cli',
  version: '2.3.1',
  headcount: { endpoint },
});
const FILES = {
  'killed.mjs': `import { track } from 'headcount'; track(); process.kill(process.pid, 'SIGKILL');`,
  'cli.mjs': `import { createHeadcount } from 'headcount';
    const headcount = createHeadcount(); headcount.track();
    console.log(JSON.stringify(await headcount.close({ timeoutMs: 8_000 })));`,
  'exit.mjs': `import { track } from 'headcount'; track();`,
};

it('a report goes to the address it was recorded for, whatever is named since', async () => {
  const [old, own, trial] = [
    await startFaultServer(),
    await startFaultServer(),
    await startFaultServer(),
  ];
  const counts = () => [old, own, trial].map(({ accepted }) => accepted().length);
  const app = createTestApp({ ...FILES, 'package.json': packageJson(old.address) });
  const tried = { env: { HEADCOUNT_ENDPOINT: trial.address } };
  await old.refuse();
  await app.run('killed.mjs'); // for the app's collector, which is down and moves later
  const { stdout } = await app.run('cli.mjs', tried);
  expect(JSON.parse(stdout)).toEqual({ sent: 1, queued: 0, dropped: 0 });
  expect(counts()).toEqual([0, 0, 1]);
  await app.run('killed.mjs', tried);
  expect(outboxFiles(app.home)).toHaveLength(2);

  await trial.refuse();
  const moved = createTestApp(
    { ...FILES, 'package.json': packageJson(own.address) },
    { home: app.home },
  );
  await moved.run('exit.mjs');
  await eventually(() => own.accepted().length === 1, 'the report for the new address');
  const noSender = () => exitChildren(app.home).length === 0;
  await eventually(noSender, 'no sender left', 20_000);
  expect(counts()).toEqual([0, 1, 1]);
  expect(outboxFiles(app.home)).toHaveLength(2);

  // Nobody names the old addresses any more. Both get their reports all the same, and no other.
  await old.heal();
  await trial.heal();
  await eventually(
    async () => {
      await moved.run('exit.mjs');
      await eventually(noSender, 'no sender left', 20_000);
      return outboxFiles(app.home).length === 0;
    },
    'an empty outbox',
    60_000,
  );
  expect([old.accepted().length, trial.accepted().length]).toEqual([1, 2]);
}, 90_000);

it('it makes no difference whether the package.json or HEADCOUNT_ENDPOINT names an address', async () => {
  const own = await startFaultServer();
  const app = createTestApp({ ...FILES, 'package.json': packageJson(own.address) });
  await app.run('killed.mjs');
  await app.run('exit.mjs', { env: { HEADCOUNT_ENDPOINT: own.address } });
  await eventually(() => own.accepted().length === 2, 'both');
  expect(queueFolder(app.home, own.address)).toMatch(/outbox\/to-127\.0\.0\.1_\d+$/);
});
