import { expect, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import { exitChildren } from '../support/exit-children.js';
import { startFaultServer } from '../support/fault-server.js';
import { outboxFiles } from '../support/outbox-files.js';
import { createTestApp } from '../support/run-app.js';

it('what waits goes where it was to go when it was recorded, whatever HEADCOUNT_ENDPOINT says since', async () => {
  const [own, trial] = [await startFaultServer(), await startFaultServer()];
  const packageJson = (endpoint: string) => ({
    name: 'acme-cli',
    version: '2.3.1',
    headcount: { endpoint },
  });
  const files = {
    'killed.mjs': `import { track } from 'headcount'; track(); process.kill(process.pid, 'SIGKILL');`,
    'cli.mjs': `import { createHeadcount } from 'headcount';
      const headcount = createHeadcount(); headcount.track();
      console.log(JSON.stringify(await headcount.close({ timeoutMs: 8_000 })));`,
    'exit.mjs': `import { track } from 'headcount'; track();`,
  };
  const app = createTestApp({ ...files, 'package.json': packageJson('https://old.invalid') });
  const tried = { env: { HEADCOUNT_ENDPOINT: trial.address } };
  await app.run('killed.mjs'); // for the app's own collector, which moves later
  const { stdout } = await app.run('cli.mjs', tried);
  expect(JSON.parse(stdout)).toEqual({ sent: 1, queued: 0, dropped: 0 });
  await app.run('exit.mjs', tried);
  await eventually(() => trial.accepted().length === 2, 'those of the trial');
  // One sender at a time, of whatever endpoint: another one would leave what is its own for later.
  const noSender = () => exitChildren(app.home).length === 0;
  await eventually(noSender, 'no sender left', 20_000);
  await app.run('killed.mjs', tried);
  expect(outboxFiles(app.home)).toHaveLength(2);

  const moved = createTestApp(
    { ...files, 'package.json': packageJson(own.address) },
    { home: app.home },
  );
  await moved.run('exit.mjs');
  await eventually(() => own.accepted().length === 2, 'what waited, at the new address');
  await eventually(() => outboxFiles(app.home).length === 1, 'that of the trial alone');
  await eventually(noSender, 'no sender left', 20_000);
  expect(trial.accepted()).toHaveLength(2);
  await moved.run('cli.mjs', tried);
  expect([own.accepted().length, trial.accepted().length]).toEqual([2, 4]);
  expect(outboxFiles(app.home)).toEqual([]);
});

it('that it says what the package.json says anyway makes no difference', async () => {
  const own = await startFaultServer();
  const app = createTestApp({
    'package.json': {
      name: 'acme-cli',
      version: '2.3.1',
      headcount: { endpoint: own.address },
    },
    'killed.mjs': `import { track } from 'headcount'; track(); process.kill(process.pid, 'SIGKILL');`,
    'exit.mjs': `import { track } from 'headcount'; track();`,
  });
  await app.run('killed.mjs');
  await app.run('exit.mjs', { env: { HEADCOUNT_ENDPOINT: own.address } });
  await eventually(() => own.accepted().length === 2, 'both');
});
