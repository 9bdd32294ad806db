import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startHttpRecorder } from '../support/http-recorder.js';
import { createTestApp } from '../support/run-app.js';
import { tempFolder } from '../support/temp-folder.js';

const repo = fileURLToPath(new URL('../../', import.meta.url));

/** This package as built, with code of the test's before the sender's own. */
function packageWith(code: string): string {
  const folder = join(tempFolder('package'), 'headcount');
  cpSync(join(repo, 'dist'), join(folder, 'dist'), { recursive: true });
  cpSync(join(repo, 'package.json'), join(folder, 'package.json'));
  const sender = join(folder, 'dist', 'sender.cjs');
  const [mark = '', ...rest] = readFileSync(sender, 'utf8').split('\n');
  writeFileSync(sender, [mark, code, ...rest].join('\n'));
  return folder;
}

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

  it('gives its memory back over many cycles of work and rest', async () => {
    const recorder = await startHttpRecorder();
    onTestFinished(() => recorder.close());
    const app = createTestApp({
      'cycles.mjs': `
        import { createHeadcount } from 'headcount';
        const sizes = [];
        for (let cycle = 0; cycle < 10; cycle += 1) {
          const headcount = createHeadcount({ project: 'cycle-' + cycle, version: '1.0.0' });
          headcount.track();
          await headcount.close({ timeoutMs: 10_000 });
          globalThis.gc();
          sizes.push(process.memoryUsage.rss());
        }
        console.log(JSON.stringify(sizes));`,
    });
    const { stdout } = await app.run('cycles.mjs', {
      env: { HEADCOUNT_ENDPOINT: recorder.address },
      nodeArgs: ['--expose-gc'],
      killAfterMs: 60_000,
    });
    const sizes = JSON.parse(stdout) as number[];
    const [, , third = 0] = sizes;
    expect(recorder.reports()).toHaveLength(10);
    // The first cycles fill the runtime's own caches; from then on nothing may grow.
    expect((sizes.at(-1) ?? Infinity) - third).toBeLessThan(12 * 1024 * 1024);
  });
});
