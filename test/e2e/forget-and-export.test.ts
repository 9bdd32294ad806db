import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { type RunningCollector, startCollector } from '../support/collector.js';
import { eventually } from '../support/eventually.js';
import { exitChildren } from '../support/exit-children.js';
import { outboxFiles } from '../support/outbox-files.js';
import { createTestApp, runNode, type TestApp } from '../support/run-app.js';
import { tempFolder } from '../support/temp-folder.js';

const BIN = fileURLToPath(new URL('../../dist/bin.js', import.meta.url));
const APP = `import { createHeadcount } from 'headcount';
  const headcount = createHeadcount({
    events: { build: { description: 'A build.', fields: { bundler: ['vite'] } } },
  });
  headcount.track();
  headcount.track('build', { bundler: 'vite' });`;

const command = (app: TestApp, collector: RunningCollector, args: string) =>
  runNode(BIN, app.home, {
    args: [...args.split(' '), '--project', 'acme-cli', '--json'],
    env: { HEADCOUNT_ENDPOINT: collector.address },
  });
const use = async (app: TestApp, { address }: { readonly address: string }): Promise<void> => {
  const { code, stderr } = await app.run('cli.mjs', { env: { HEADCOUNT_ENDPOINT: address } });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
};
const users = async (collector: RunningCollector): Promise<number> =>
  (await collector.stats('acme-cli')).total_users;
const config = ({ home }: TestApp, name: string): string =>
  join(home, '.config/headcount/acme-cli', name);
const idOf = (app: TestApp): string =>
  /^\w+/.exec(readFileSync(config(app, 'anonymous-id'), 'utf8'))?.[0] ?? '';
const waiting = ({ home }: TestApp): string[] => outboxFiles(home);

describe('with the real collector', () => {
  it('headcount export shows what is held, and headcount forget leaves nothing of it, for good', async () => {
    const data = join(tempFolder('data'), 'collector');
    const down = await startCollector();
    await down.stop();
    const app = createTestApp({ 'cli.mjs': APP });

    // A report that the user has made and that is still on its way when they ask to be forgotten.
    await use(app, down);
    const late = await eventually(async () => {
      const { stdout } = await command(app, down, 'show');
      return (JSON.parse(stdout) as { next: string[] }).next[0];
    }, 'the report to wait for a better moment');
    await eventually(() => exitChildren(app.home).length === 0, 'the sender to give up', 20_000);
    const first = await startCollector({ data, port: down.port });
    await use(app, first);
    await eventually(async () => (await users(first)) === 1, 'the user to be counted');
    await eventually(() => waiting(app).length === 0, 'an empty outbox');
    const before = idOf(app);

    const exported = await command(app, first, 'export');
    expect(exported).toMatchObject({ code: 0, stderr: '' });
    expect(exported.stdout).toContain('"total_reports": 4');
    expect(exported.stdout).toContain(before);

    const forgotten = await command(app, first, 'forget');
    expect(forgotten).toMatchObject({ code: 0, stderr: '' });
    expect(readFileSync(config(app, 'deletion-receipt'), 'utf8')).toContain('receipt_id');
    expect(idOf(app)).toBe('forgotten');
    first.kill();
    await first.ended;

    const second = await startCollector({ data });
    await eventually(async () => (await users(second)) === 0, 'the user to be gone');
    const answer = await fetch(`${second.address}/v1/reports`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: late,
    });
    expect(answer.status).toBe(202);

    await use(app, second);
    await eventually(async () => (await users(second)) === 1, 'somebody new');
    expect(idOf(app)).not.toBe(before);
    await eventually(
      async () => (await second.stats('acme-cli')).total_reports === 2,
      'both reports',
    );
    const again = await command(app, second, 'export');
    expect(again.stdout).toContain(idOf(app));
    expect(again.stdout).toContain('"total_reports": 2');
    expect(again.stdout).not.toContain(before);
  });
});
