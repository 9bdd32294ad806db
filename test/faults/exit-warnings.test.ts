import { linkSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { nodeRelease } from '../support/fault-tools.js';
import { startHttpRecorder } from '../support/http-recorder.js';
import { packageWith } from '../support/package-with.js';
import { createTestApp, type RunOptions } from '../support/run-app.js';
import { inTaskLimit } from '../support/task-limit.js';
import { tempFolder } from '../support/temp-folder.js';

/** Prints what `status()` warns of, and what `diagnose()` says about its end. */
const cli = (setUp = '', options = ''): string => `
  const { createHeadcount, memoryStorage } = require('headcount');
  ${setUp}
  const exitBudgetMs = Number(process.env.BUDGET_MS ?? 0);
  const headcount = createHeadcount({ exitBudgetMs, ${options} });
  const { warnings } = headcount.status();
  headcount.diagnose().then(({ plan }) => {
    const { obstacle, mayEndEarly, exitBudgetMs } = plan;
    const reasons = warnings.map(({ reason }) => reason);
    console.log(JSON.stringify([reasons, { obstacle, mayEndEarly, exitBudgetMs }]));
    process.exit();
  });`;
const FILES = {
  'cli.cjs': cli(),
  'large.cjs': cli('globalThis.large = Buffer.alloc(220 * 1024 * 1024, 1);'),
  'own.cjs': cli('', 'storage: memoryStorage()'),
  'bare.cjs': cli('const { outbox, ...values } = memoryStorage();', 'storage: values'),
};
const BUDGET = { BUDGET_MS: '700' };

const inNamespace = ['unshare', '--pid', '--fork', '--mount-proc'];
/** Another process, called `name`, is the first of the namespace. */
const under = (name: string): RunOptions => ({
  wrapper: [...inNamespace, 'sh', '-c', `printf '${name}' > /proc/$$/comm; "$@"; exit $?`, 'sh'],
});

function renamed(): string {
  const node = join(tempFolder('node'), 'acme');
  linkSync(nodeRelease('24'), node);
  return node;
}

const permission = (...more: string[]): RunOptions => ({
  node: nodeRelease('24'),
  nodeArgs: [
    ...['--permission', '--allow-fs-read=*', '--allow-fs-write=*', '--no-warnings'],
    ...more,
  ],
});

async function told(script: string, options: RunOptions, headcount?: string): Promise<unknown> {
  const server = await startHttpRecorder();
  onTestFinished(() => server.close());
  const app = createTestApp(FILES, headcount === undefined ? {} : { headcount });
  const env = { HEADCOUNT_ENDPOINT: server.address, ...options.env };
  const { stdout, stderr } = await app.run(script, { ...options, env });
  expect(stderr).toBe('');
  return JSON.parse(stdout);
}

describe('status().warnings and diagnose() agree', () => {
  it.each<[string, string, () => RunOptions, string]>([
    ['another runtime', 'cli.cjs', () => ({ node: renamed() }), 'runtime'],
    [
      'the first process of a container',
      'cli.cjs',
      () => ({ wrapper: inNamespace }),
      'first-process',
    ],
    ['the permission model', 'cli.cjs', () => permission('--allow-worker'), 'permission'],
    ['a limit of tasks', 'cli.cjs', () => ({ wrapper: inTaskLimit(30) }), 'task-limit'],
    ['much memory', 'large.cjs', () => ({}), 'memory'],
  ])('about %s, with and without a budget', async (_name, script, optionsOf, obstacle) => {
    const options = optionsOf();
    expect(await told(script, options)).toEqual([['waits-for-close'], { obstacle }]);
    const waits = { obstacle, exitBudgetMs: 700 };
    expect(await told(script, { ...options, env: BUDGET })).toEqual([[], waits]);
  });

  it.each(['sh', 'initial'])(
    'about a container whose first process is %s: without a budget, a process may end with it',
    async (name) => {
      expect(await told('cli.cjs', under(name))).toEqual([
        ['may-end-early'],
        { mayEndEarly: true },
      ]);
      const waits = { obstacle: 'container', exitBudgetMs: 700 };
      expect(await told('cli.cjs', { ...under(name), env: BUDGET })).toEqual([[], waits]);
    },
  );

  it.each(['systemd', 'init(Debian)'])(
    'about a whole machine in a namespace, whose first process is %s: processes live on there',
    async (name) => {
      expect(await told('cli.cjs', under(name))).toEqual([[], {}]);
      expect(await told('cli.cjs', { ...under(name), env: BUDGET })).toEqual([[], {}]);
    },
  );

  it('about a storage of the app, which neither a process nor a thread at exit can read', async () => {
    const waits = [['waits-for-close'], { obstacle: 'own-storage' }];
    expect(await told('own.cjs', {})).toEqual(waits);
    expect(await told('bare.cjs', {})).toEqual(waits);
    expect(await told('own.cjs', { env: BUDGET })).toEqual(waits);
  });

  it('about files of the package that are missing, without which nothing can wait either', async () => {
    const headcount = packageWith('');
    // As a bundle that left out the part, or a half-deleted installation.
    for (const file of ['exit.cjs', 'parts.cjs']) rmSync(join(headcount, 'dist', file));
    const waits = [['waits-for-close'], { obstacle: 'no-sender' }];
    expect(await told('cli.cjs', {}, headcount)).toEqual(waits);
    expect(await told('cli.cjs', { env: BUDGET }, headcount)).toEqual(waits);
  });

  it('about nothing, where a process outlives the program', async () => {
    expect(await told('cli.cjs', {})).toEqual([[], {}]);
    expect(await told('cli.cjs', { env: BUDGET })).toEqual([[], {}]);
  });
});
