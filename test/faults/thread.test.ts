import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startHttpRecorder } from '../support/http-recorder.js';
import { startFaultServer } from '../support/fault-server.js';
import { packageWith } from '../support/package-with.js';
import { createTestApp } from '../support/run-app.js';
import { selfSigned } from '../support/self-signed.js';
import { tempFolder } from '../support/temp-folder.js';

const SERVER = `
  import { createHeadcount } from 'headcount';
  const headcount = createHeadcount();
  headcount.track();
  console.log(JSON.stringify(await headcount.flush({ timeoutMs: 10_000 })));`;

describe('a sender thread that crashes', () => {
  it.each([
    ['throws', `throw new Error('boom');`],
    ['exits', `process.exit(7);`],
    ['overflows', `(function again() { again(); })();`],
    ['rejects', `Promise.reject(new Error('boom'));`],
  ])(
    '(%s) is replaced by the host’s own thread, and the host notices nothing',
    async (_how, crash) => {
      const recorder = await startHttpRecorder();
      onTestFinished(() => recorder.close());
      const log = join(tempFolder('log'), 'starts');
      const headcount = packageWith(
        `if (require('node:worker_threads').parentPort) {
         require('node:fs').appendFileSync(${JSON.stringify(log)}, 'x');
         ${crash}
       }`,
      );
      const app = createTestApp({ 'server.mjs': SERVER }, { headcount });
      const run = await app.run('server.mjs', { env: { HEADCOUNT_ENDPOINT: recorder.address } });
      expect(run).toMatchObject({ code: 0, signal: null, stderr: '' });
      expect(JSON.parse(run.stdout)).toEqual({ sent: 1, queued: 0, dropped: 0 });
      expect(recorder.reports()).toHaveLength(1);
      expect(readFileSync(log, 'utf8')).toBe('xxx');
    },
  );

  it('gives its memory back: twenty cycles of work and rest do not grow', async () => {
    const recorder = await startHttpRecorder();
    onTestFinished(() => recorder.close());
    const app = createTestApp({
      'cycles.mjs': `
        import { createHeadcount } from 'headcount';
        const megabytes = () => { globalThis.gc(); return process.memoryUsage.rss() / 1024 / 1024; };
        let first;
        for (let cycle = 0; cycle < 20; cycle += 1) {
          const headcount = createHeadcount({ project: 'cycle-' + cycle, version: '1.0.0' });
          headcount.track();
          await headcount.close({ timeoutMs: 10_000 });
          first ??= megabytes();
        }
        // The allocator gives back what a thread had with a delay: the condition is waited for.
        const deadline = Date.now() + 15_000;
        let last = megabytes();
        while (last > first + 64 && Date.now() < deadline) {
          await new Promise((resolve) => setTimeout(resolve, 50));
          last = megabytes();
        }
        console.log(JSON.stringify({ first, last }));`,
    });
    const { stdout } = await app.run('cycles.mjs', {
      env: { HEADCOUNT_ENDPOINT: recorder.address },
      nodeArgs: ['--expose-gc'],
      killAfterMs: 60_000,
    });
    const { first, last } = JSON.parse(stdout) as { first: number; last: number };
    expect(recorder.reports()).toHaveLength(20);
    // One thread has 25–50 MB: a single one that stayed in every other cycle would be 250 MB.
    expect(last - first).toBeLessThanOrEqual(64);
  });
});

describe('a sender thread', () => {
  it('runs no preload of the host’s, and writes nothing into its output', async () => {
    const recorder = await startHttpRecorder();
    onTestFinished(() => recorder.close());
    const folder = tempFolder('preloads');
    const log = join(folder, 'threads');
    const preload = (name: string): string => {
      const file = join(folder, `${name}.cjs`);
      const thread = `require('node:worker_threads').isMainThread ? 'main' : 'ours'`;
      const text = `'${name} ' + (${thread}) + '\\n'`;
      writeFileSync(file, `require('node:fs').appendFileSync(${JSON.stringify(log)}, ${text});`);
      return file;
    };
    const headcount = packageWith(
      `if (require('node:worker_threads').parentPort) {
         require('node:fs').appendFileSync(${JSON.stringify(log)}, 'the sender\\n');
         setTimeout(() => {
           process.stdout.write('out'); console.error('err'); process.emitWarning('warning');
         });
       }`,
    );
    const app = createTestApp({ 'server.mjs': SERVER }, { headcount });
    const run = await app.run('server.mjs', {
      env: {
        HEADCOUNT_ENDPOINT: recorder.address,
        NODE_OPTIONS: `--require ${preload('environment')}`,
      },
      nodeArgs: ['--require', preload('argument')],
    });
    expect(run).toMatchObject({ code: 0, stderr: '' });
    expect(run.ms).toBeLessThan(5_000); // else the thread holds the host until it has rested
    expect(run.stdout).toBe('{"sent":1,"queued":0,"dropped":0}\n');
    const threads = readFileSync(log, 'utf8').trim().split('\n').sort();
    expect(threads).toEqual(['argument main', 'environment main', 'the sender']);
  });

  it('obeys no NODE_TLS_REJECT_UNAUTHORIZED, and prints no warning of it', async () => {
    const folder = tempFolder('tls');
    const identity = selfSigned(folder, 'localhost');
    const server = await startFaultServer(undefined, () => identity);
    const app = createTestApp({ 'server.mjs': SERVER });
    const run = await app.run('server.mjs', {
      env: { HEADCOUNT_ENDPOINT: server.address, NODE_TLS_REJECT_UNAUTHORIZED: '0' },
    });
    expect(run.stderr).toBe('');
    expect(JSON.parse(run.stdout)).toEqual({ sent: 0, queued: 1, dropped: 0 });
    expect(run.ms).toBeLessThan(5_000);
    expect(server.accepted()).toEqual([]);
  });

  it('ends after ten seconds without work, and another one sends what comes then', async () => {
    const recorder = await startHttpRecorder();
    onTestFinished(() => recorder.close());
    const app = createTestApp({
      'server.mjs': `
        import { createHeadcount } from 'headcount'; import fs from 'node:fs';
        const threads = () => fs.readdirSync('/proc/self/task').length;
        const headcount = createHeadcount({ flushIntervalMs: 0 });
        headcount.track();
        await headcount.flush({ timeoutMs: 10_000 });
        const [started, busy] = [Date.now(), threads()];
        const deadline = started + 20_000;
        while (threads() >= busy && Date.now() < deadline) {
          await new Promise((resolve) => setTimeout(resolve, 50));
        }
        const restMs = Date.now() - started;
        headcount.track();
        const { sent } = await headcount.flush({ timeoutMs: 10_000 });
        console.log(JSON.stringify({ restMs, sent }));`,
    });
    const { stdout, stderr } = await app.run('server.mjs', {
      env: { HEADCOUNT_ENDPOINT: recorder.address },
      killAfterMs: 40_000,
    });
    expect(stderr).toBe('');
    const { restMs, sent } = JSON.parse(stdout) as { restMs: number; sent: number };
    expect(sent).toBe(1);
    expect(recorder.reports()).toHaveLength(2);
    expect(restMs).toBeGreaterThan(9_000);
    expect(restMs).toBeLessThan(14_000);
  });
});
