import { describe, expect, it } from 'vitest';
import { startCollector } from '../support/collector.js';
import { eventually } from '../support/eventually.js';
import { createTestApp } from '../support/run-app.js';

const ESM = `import { track } from 'headcount'; track();`;
const CJS = `const { track } = require('headcount'); track();`;

describe('from a program to the count', () => {
  it.each([
    ['ESM', 'cli.mjs', ESM],
    ['CJS', 'cli.cjs', CJS],
  ])('counts people and reports of an %s program', async (_form, file, code) => {
    const collector = await startCollector();
    const app = createTestApp({ [file]: code });
    const env = { HEADCOUNT_ENDPOINT: collector.address };
    await app.run(file, { env });
    await app.run(file, { env });
    await app.run(file, { env: { ...env, HEADCOUNT_ANONYMOUS_ID: 'aaaabbbbccccdddd' } });
    const counted = await eventually(async () => {
      const stats = await collector.stats('acme-cli');
      return stats.total_reports >= 3 && stats;
    }, '3 reports counted');
    expect(counted).toMatchObject({
      total_users: 2,
      daily_active_users: 2,
      weekly_active_users: 2,
      total_reports: 3,
      os_distribution: { Linux: 2 },
      version_distribution: { '2.3.1': 2 },
    });
  });

  it('counts a report once that a collector which was down at first got from a later run', async () => {
    const gone = await startCollector();
    expect(await gone.stop()).toBe(0);
    const app = createTestApp({ 'cli.mjs': ESM });
    const env = { HEADCOUNT_ENDPOINT: gone.address };
    await app.run('cli.mjs', { env });
    const collector = await startCollector({ port: gone.port });
    await app.run('cli.mjs', { env });
    await eventually(
      async () => (await collector.stats('acme-cli')).total_reports === 2,
      'both reports counted',
    );
    expect(await collector.stats('acme-cli')).toMatchObject({ total_users: 1, total_reports: 2 });
  });

  it.each(['/statistics', '/?action=statistics'])(
    'counts reports that go to %s, as those of the first generation do',
    async (path) => {
      const collector = await startCollector();
      const app = createTestApp({ 'cli.mjs': ESM });
      await app.run('cli.mjs', { env: { HEADCOUNT_ENDPOINT: `${collector.address}${path}` } });
      await eventually(
        async () => (await collector.stats('acme-cli')).total_users === 1,
        'the user counted',
      );
    },
  );

  it('counts runs of a CI, but not as people', async () => {
    const collector = await startCollector();
    const app = createTestApp({ 'cli.mjs': ESM });
    const env = { HEADCOUNT_ENDPOINT: collector.address, GITHUB_ACTIONS: 'true', CI: 'true' };
    await app.run('cli.mjs', { env });
    await eventually(
      async () => (await collector.stats('acme-cli')).total_reports === 1,
      'the report counted',
    );
    expect((await collector.stats('acme-cli')).total_users).toBe(0);
  });
});
