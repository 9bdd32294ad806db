import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { silent, startFaultServer } from '../support/fault-server.js';
import { nodeRelease, toolScript } from '../support/fault-tools.js';
import { startHttpRecorder } from '../support/http-recorder.js';
import { createTestApp, runNode } from '../support/run-app.js';

const RELEASES = ['20.18', '22', '24'] as const;

describe.each(RELEASES)('a store of AsyncLocalStorage (Node.js %s)', (release) => {
  it.each([
    ['a thread that sends', { flushIntervalMs: 0 }, 'headcount.track();'],
    ['a plan to send later', { flushIntervalMs: 60_000 }, 'headcount.track();'],
    ['a flush', { flushIntervalMs: 60_000 }, 'headcount.track(); void headcount.flush();'],
    ['a full request', { flushAt: 2 }, 'headcount.track(); headcount.track(); headcount.track();'],
    ['a plan to try again', { flushIntervalMs: 0 }, 'headcount.track();', 'refused'],
  ])('is not kept by %s', async (_name, options, calls, how = 'answered') => {
    const server = await startFaultServer();
    if (how === 'refused') await server.refuse();
    const app = createTestApp({
      'server.mjs': `
        import { AsyncLocalStorage } from 'node:async_hooks';
        import { createHeadcount } from 'headcount';
        const headcount = createHeadcount(${JSON.stringify(options)});
        const local = new AsyncLocalStorage();
        let isGone = false;
        const registry = new FinalizationRegistry(() => (isGone = true));
        (() => {
          const store = { request: Array(1e5).fill(1) };
          registry.register(store, undefined);
          local.run(store, () => { ${calls} });
        })();
        const deadline = Date.now() + 4_000;
        while (!isGone && Date.now() < deadline) {
          await new Promise((next) => setTimeout(next, 50));
          globalThis.gc();
        }
        console.log(isGone);
        process.exit();`,
    });
    const run = await app.run('server.mjs', {
      node: nodeRelease(release),
      nodeArgs: ['--expose-gc'],
      env: { HEADCOUNT_ENDPOINT: server.address },
    });
    expect(run).toMatchObject({ code: 0, stdout: 'true\n', stderr: '' });
  });
});

const app = (before: string, after: string) =>
  createTestApp({
    'test.mjs': `
      import { mock } from 'node:test';
      const elapsed = performance.now.bind(performance);
      const replace = () => {
        for (const name of ['setTimeout', 'setInterval', 'setImmediate']) globalThis[name] = () => 0;
        mock.timers.enable();
      };
      ${before}
      const { createHeadcount } = await import('headcount');
      const headcount = createHeadcount({ inTests: true });
      ${after}
      headcount.track();
      const started = elapsed();
      await headcount.flush({ timeoutMs: 1_000 });
      const flushed = elapsed();
      await headcount.close({ timeoutMs: 1_000 });
      console.log(JSON.stringify({ flush: flushed - started, close: elapsed() - flushed }));`,
  });

type Case = [name: string, before: string, after: string, nodeArgs: readonly string[]];

describe.each(RELEASES)('an app’s test that replaces all timers (Node.js %s)', (release) => {
  const alone = ['--permission', '--allow-fs-read=*', '--allow-fs-write=*'];
  it.each<Case>([
    ['before the import', 'replace();', '', []],
    ['after the import', '', 'replace();', []],
    ...(release === '22'
      ? [['where no thread may run', 'replace();', '', alone] satisfies Case]
      : []),
  ])('does not lengthen flush() and close(): %s', async (_name, before, after, nodeArgs) => {
    const server = await startFaultServer(silent);
    const { code, stdout } = await app(before, after).run('test.mjs', {
      node: nodeRelease(release),
      nodeArgs,
      env: { HEADCOUNT_ENDPOINT: server.address },
    });
    expect(code).toBe(0);
    const { flush, close } = JSON.parse(stdout) as { flush: number; close: number };
    expect(flush).toBeGreaterThan(900); // the server never answers
    expect(flush).toBeLessThan(2_000);
    expect(close).toBeLessThan(2_000);
  });
});

describe('Deno', () => {
  it('sends, closes and prints nothing', async () => {
    const recorder = await startHttpRecorder();
    onTestFinished(() => recorder.close());
    const { folder, home } = createTestApp({
      'cli.mjs': `import { createHeadcount } from 'headcount';
        const headcount = createHeadcount(); headcount.track();
        const { sent } = await headcount.flush({ timeoutMs: 10_000 });
        await headcount.close({ timeoutMs: 5_000 });
        console.log(sent);`,
    });
    const run = await runNode(join(folder, 'cli.mjs'), home, {
      node: toolScript('@deno/linux-x64-glibc/deno'),
      nodeArgs: ['run', '--allow-all'],
      env: { HEADCOUNT_ENDPOINT: recorder.address, DENO_NO_UPDATE_CHECK: '1' },
    });
    expect(run).toMatchObject({ code: 0, stdout: '1\n', stderr: '' });
    expect(recorder.reports()).toHaveLength(1);
  });
});
