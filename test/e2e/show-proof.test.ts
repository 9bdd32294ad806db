import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { type RunningCollector, startCollector } from '../support/collector.js';
import { eventually } from '../support/eventually.js';
import { nameEndpoint } from '../support/name-endpoint.js';
import { createTestApp, runNode, type TestApp } from '../support/run-app.js';

const BIN = fileURLToPath(new URL('../../dist/bin.js', import.meta.url));
const MOUNTED = `import { createHeadcount } from 'headcount';
  import { runCommand } from 'headcount/cli';
  process.exitCode = await runCommand(createHeadcount(), process.argv.slice(2));`;

const command = (app: TestApp, args: string) =>
  runNode(BIN, app.home, { args: [...args.split(' '), '--project', 'acme-cli'] });
const newApp = (): TestApp =>
  createTestApp({
    'cli.mjs': `import { track } from 'headcount'; track();`,
    'telemetry.mjs': MOUNTED,
  });
const kept = ({ home }: TestApp, name: string): string =>
  join(home, '.config/headcount/acme-cli', name);

/** Runs the app once, and waits until a collector has acknowledged its report. */
async function reportTo(app: TestApp, collector: RunningCollector): Promise<void> {
  nameEndpoint(app, collector.address);
  await app.run('cli.mjs');
  await eventually(
    async () => (await collector.stats('acme-cli')).total_reports === 1,
    'the report to be counted',
  );
  const list = kept(app, 'collectors');
  await eventually(
    () => existsSync(list) && readFileSync(list, 'utf8').includes(collector.address),
    'the collector to be known here',
  );
}

/** The ID and the proof in the text that a person reads. */
function read(text: string): { readonly id: string; readonly proof: string } {
  const [, id = '', proof = ''] = /ID +([0-9a-f]{16})\n +proof +([0-9a-f]{64})\n/.exec(text) ?? [];
  return { id, proof };
}

async function recordOf({ address }: RunningCollector, id: string, proof: string) {
  const url = `${address}/v1/users/${id}?project=acme-cli`;
  const answer = await fetch(url, { headers: { authorization: `Bearer ${proof}` } });
  return { status: answer.status, record: await answer.json() };
}

describe('headcount show --proof', () => {
  it('prints what opens the data at every collector that knows them', async () => {
    const [first, second] = [await startCollector(), await startCollector()];
    const app = newApp();
    await reportTo(app, first);
    await reportTo(app, second);

    const { code, stdout, stderr } = await command(app, 'show --proof');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('can see and delete the data');
    expect(stdout.match(/project +acme-cli$/gm)).toHaveLength(2);
    for (const collector of [first, second]) {
      const from = stdout.indexOf(`${collector.address}/v1/reports\n`);
      expect(from).toBeGreaterThan(0);
      const { id, proof } = read(stdout.slice(from));
      const opened = await recordOf(collector, id, proof);
      expect(opened).toMatchObject({ status: 200, record: { total_reports: 1 } });
      const other = collector === first ? second : first;
      expect((await recordOf(other, id, proof)).status).toBe(404);
    }
  });

  it('is a part of the commands that a program mounts, and prints JSON', async () => {
    const collector = await startCollector();
    const app = newApp();
    await reportTo(app, collector);
    const { id, proof } = read((await command(app, 'show --proof')).stdout);
    expect(proof).not.toBe('');
    const mounted = await app.run('telemetry.mjs', { args: ['show', '--proof', '--json'] });
    expect(JSON.parse(mounted.stdout)).toEqual({
      ok: true,
      collectors: [
        {
          ok: true,
          collector: `${collector.address}/v1/reports`,
          project: 'acme-cli',
          anonymousId: id,
          proof,
        },
      ],
    });
    expect(read((await app.run('telemetry.mjs', { args: ['show', '--proof'] })).stdout)).toEqual({
      id,
      proof,
    });
  });

  it('is needed: nothing else prints a proof', async () => {
    const collector = await startCollector();
    const app = newApp();
    await reportTo(app, collector);
    const { proof } = read((await command(app, 'show --proof')).stdout);
    expect(proof).not.toBe('');
    for (const word of ['show', 'show --json', 'status', 'doctor', 'export', 'forget']) {
      const { stdout, stderr } = await command(app, word);
      expect(stdout).not.toBe('');
      expect(stdout + stderr).not.toContain(proof);
    }
  });

  it('says so where the secret is missing, and where nothing was reported', async () => {
    const collector = await startCollector();
    const app = newApp();
    const before = await command(app, 'show --proof');
    expect(before).toMatchObject({ code: 1, stdout: '' });
    expect(before.stderr).toContain('No proof can be shown: there is no ID here');
    await reportTo(app, collector);
    rmSync(kept(app, 'owner-secret'));
    const { code, stdout, stderr } = await command(app, 'show --proof');
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain(`${collector.address}/v1/reports cannot be asked`);
    expect(stderr).toContain('the secret of your ID is missing here');
  });
});
