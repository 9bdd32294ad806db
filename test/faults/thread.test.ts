import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startHttpRecorder } from '../support/http-recorder.js';
import { packageWith } from '../support/package-with.js';
import { createTestApp } from '../support/run-app.js';
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
      expect(JSON.parse(run.stdout)).toEqual({ sent: 1, kept: 0, dropped: 0 });
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
