import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { eventually } from '../support/eventually.js';
import { exitChildren } from '../support/exit-children.js';
import { silent, startFaultServer } from '../support/fault-server.js';
import { type HttpRecorder, startHttpRecorder } from '../support/http-recorder.js';
import { nameEndpoint } from '../support/name-endpoint.js';
import { receiptOf } from '../support/receipt.js';
import { createTestApp, runNode, type TestApp } from '../support/run-app.js';

const BIN = fileURLToPath(new URL('../../dist/bin.js', import.meta.url));
const APP = `import { track } from 'headcount'; track();`;
const CONFIG = '.config/headcount/acme-cli';

async function startRecorder(): Promise<HttpRecorder> {
  const recorder = await startHttpRecorder(({ method }) =>
    method === 'DELETE' ? { status: 202, body: JSON.stringify(receiptOf()) } : {},
  );
  onTestFinished(() => recorder.close());
  return recorder;
}

async function report(app: TestApp, recorder: HttpRecorder) {
  const before = recorder.reports().length;
  await app.run('cli.mjs');
  await eventually(() => recorder.reports().length > before, 'the report');
  await eventually(() => exitChildren(app.home).length === 0, 'no sender left', 20_000);
  const found = recorder.reports().at(-1);
  if (!found) throw new Error('no report');
  return found;
}

const forget = ({ home }: TestApp, wrapper: readonly string[] = []) =>
  runNode(BIN, home, { args: ['forget', '--project', 'acme-cli'], wrapper });

/** Kills the program when one of its threads makes the nth call of this name below its home. */
const killAt = (call: string, nth: number): string[] => [
  ...['strace', '-f', '-qq', '-o', '/dev/null'],
  ...['-e', `inject=${call}:signal=KILL:when=${nth}`],
];

describe('a kill while a person is forgotten', () => {
  it.each(['rename', 'unlink'])(
    'at any %s() loses no collector, and gives the next ID no old secret',
    async (call) => {
      let killed = 0;
      for (let nth = 1; nth < 30; nth += 1) {
        const recorder = await startRecorder();
        const app = createTestApp({ 'cli.mjs': APP });
        nameEndpoint(app, recorder.address);
        const before = await report(app, recorder);
        const { signal } = await forget(app, killAt(call, nth));
        if (signal === null) break;
        killed += 1;
        const after = await report(app, recorder);
        const isSame = after.anonymous_id === before.anonymous_id;
        if (!isSame) expect([nth, after.owner]).not.toEqual([nth, before.owner]);
        // The first owner of an ID owns it, also if a kill made the ID get another secret.
        const owners = isSame ? [before] : [before, after];
        const { code, stdout } = await forget(app);
        expect([nth, code]).toEqual([nth, 0]);
        expect(stdout).toContain('deleted');
        const deletions = recorder.requests.filter(({ method }) => method === 'DELETE');
        const proved = deletions.map(({ url, headers }) => [
          url,
          createHash('sha256')
            .update(headers.authorization?.slice('Bearer '.length) ?? '')
            .digest('hex')
            .slice(0, 32),
        ]);
        for (const { anonymous_id, owner } of owners) {
          expect([nth, proved]).toEqual([
            nth,
            expect.arrayContaining([[`/v1/users/${anonymous_id}?project=acme-cli`, owner]]),
          ]);
        }
        expect(existsSync(join(app.home, CONFIG, 'deletions'))).toBe(false);
      }
      expect(killed).toBeGreaterThan(1);
    },
    120_000,
  );
});

it('a pipe in the place of the secret is replaced, and the person can be forgotten', async () => {
  const recorder = await startRecorder();
  const app = createTestApp({ 'cli.mjs': APP });
  nameEndpoint(app, recorder.address);
  const before = await report(app, recorder);
  const file = join(app.home, CONFIG, 'owner-secret');
  unlinkSync(file);
  execFileSync('mkfifo', [file]);
  const after = await report(app, recorder);
  expect(after.anonymous_id).toBe(before.anonymous_id);
  expect(after.owner).toMatch(/^[0-9a-f]{32}$/);
  expect(after.owner).not.toBe(before.owner);
  expect(readFileSync(file, 'utf8')).toMatch(/^[0-9a-f]{64}\n$/);
  expect((await forget(app)).code).toBe(0);
});

it('the errors of a collector that hangs are words', { timeout: 60_000 }, async () => {
  const server = await startFaultServer();
  const app = createTestApp({ 'cli.mjs': APP });
  nameEndpoint(app, server.address);
  await app.run('cli.mjs');
  await eventually(() => server.accepted().length > 0, 'the report');
  await eventually(() => exitChildren(app.home).length === 0, 'no sender left', 20_000);
  server.become(silent);
  const run = (word: string) =>
    runNode(BIN, app.home, { args: [word, '--project', 'acme-cli'], killAfterMs: 30_000 });
  const told = [await run('export'), await run('forget')];
  for (const { stdout, stderr } of told) {
    expect(stdout + stderr).toContain('was not reached: TimeoutError');
  }
});
