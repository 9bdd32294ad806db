import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { type RunningCollector, startCollector } from '../support/collector.js';
import { eventually } from '../support/eventually.js';
import { exitChildren } from '../support/exit-children.js';
import { outboxFiles } from '../support/outbox-files.js';
import { nameEndpoint } from '../support/name-endpoint.js';
import { createTestApp, runNode, type TestApp } from '../support/run-app.js';
import { tempFolder } from '../support/temp-folder.js';

const BIN = fileURLToPath(new URL('../../dist/bin.js', import.meta.url));
const APP = `import { createHeadcount } from 'headcount';
  const headcount = createHeadcount({
    events: { build: { description: 'A build.', fields: { bundler: ['vite'] } } },
  });
  headcount.track();
  headcount.track('build', { bundler: 'vite' });`;

const command = (app: TestApp, args: string) =>
  runNode(BIN, app.home, { args: [...args.split(' '), '--project', 'acme-cli', '--json'] });
const use = async (app: TestApp): Promise<void> => {
  const { code, stderr } = await app.run('cli.mjs');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
};
const users = async (collector: RunningCollector): Promise<number> =>
  (await collector.stats('acme-cli')).total_users;
const config = ({ home }: TestApp, name: string): string =>
  join(home, '.config/headcount/acme-cli', name);
const idOf = (app: TestApp): string =>
  /^\w+/.exec(readFileSync(config(app, 'anonymous-id'), 'utf8'))?.[0] ?? '';
const waiting = ({ home }: TestApp): string[] => outboxFiles(home);

/** Asks for a user's data, as somebody who knows the ID. */
async function statusOf(
  method: string,
  { address }: RunningCollector,
  id: string,
  proof: string | undefined,
): Promise<number> {
  const headers = proof === undefined ? {} : { authorization: `Bearer ${proof}` };
  const url = `${address}/v1/users/${id}?project=acme-cli`;
  return (await fetch(url, { method, headers })).status;
}

describe('with the real collector', () => {
  it('headcount export shows what is held, and headcount forget leaves nothing of it, for good', async () => {
    const data = join(tempFolder('data'), 'collector');
    const down = await startCollector();
    await down.stop();
    const app = createTestApp({ 'cli.mjs': APP });
    nameEndpoint(app, down.address);

    // A report that the user has made and that is still on its way when they ask to be forgotten.
    await use(app);
    const late = await eventually(async () => {
      const { stdout } = await command(app, 'show');
      return (JSON.parse(stdout) as { next: string[] }).next[0];
    }, 'the report to wait for a better moment');
    await eventually(() => exitChildren(app.home).length === 0, 'the sender to give up', 20_000);
    const first = await startCollector({ data, port: down.port });
    await use(app);
    await eventually(async () => (await users(first)) === 1, 'the user to be counted');
    await eventually(() => waiting(app).length === 0, 'an empty outbox');
    const before = idOf(app);

    for (const proof of [undefined, '0'.repeat(64), before]) {
      expect(await statusOf('GET', first, before, proof)).toBe(404); // an ID can be computed
      expect(await statusOf('DELETE', first, before, proof)).toBe(404);
    }

    const exported = await command(app, 'export');
    expect(exported).toMatchObject({ code: 0, stderr: '' });
    expect(exported.stdout).toContain('"total_reports": 4');
    expect(exported.stdout).toContain(before);

    const forgotten = await command(app, 'forget');
    expect(forgotten).toMatchObject({ code: 0, stderr: '' });
    expect(readFileSync(config(app, 'deletion-receipt'), 'utf8')).toContain('receipt_id');
    expect(idOf(app)).toBe('forgotten');
    first.kill();
    await first.ended;

    const second = await startCollector({ data, port: down.port });
    await eventually(async () => (await users(second)) === 0, 'the user to be gone');
    const answer = await fetch(`${second.address}/v1/reports`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: late,
    });
    expect(answer.status).toBe(202);

    await use(app);
    await eventually(async () => (await users(second)) === 1, 'somebody new');
    expect(idOf(app)).not.toBe(before);
    await eventually(
      // Those of before stay in the count of reports, but for the late one.
      async () => (await second.stats('acme-cli')).total_reports === 6,
      'both reports',
    );
    const again = await command(app, 'export');
    expect(again.stdout).toContain(idOf(app));
    expect(again.stdout).toContain('"total_reports": 2');
    expect(again.stdout).not.toContain(before);
  });
});
