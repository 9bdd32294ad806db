import { describe, expect, it } from 'vitest';
import {
  type Behaviour,
  byteByByte,
  garbage,
  resetMidBody,
  silent,
  startFaultServer,
} from '../support/fault-server.js';
import { createTestApp, type RunOptions } from '../support/run-app.js';
import { createAppPair, expectSameAsWithout } from '../support/same-as-without.js';

const at = (address: string): RunOptions => ({
  env: { HEADCOUNT_ENDPOINT: address, HEADCOUNT_EXIT_UPLOAD_INTERVAL_MS: '0' },
});
const SERVERS: [string, Behaviour | 'refuse' | undefined][] = [
  ['takes everything', undefined],
  ['never answers', silent],
  ['answers byte by byte', byteByByte],
  ['resets', resetMidBody],
  ['speaks garbage', garbage],
  ['refuses', 'refuse'],
];
async function start(behaviour: Behaviour | 'refuse' | undefined): Promise<string> {
  const server = await startFaultServer(behaviour === 'refuse' ? undefined : behaviour);
  if (behaviour === 'refuse') await server.refuse();
  return server.address;
}

describe('where the server', () => {
  it.each(SERVERS)('%s, flush() and close() keep their deadlines', async (_name, behaviour) => {
    const address = await start(behaviour);
    const app = createTestApp({
      'server.mjs': `import { createHeadcount } from 'headcount';
        const headcount = createHeadcount({ flushIntervalMs: 60_000 });
        const timed = async (call) => {
          const started = performance.now();
          const result = await call();
          return { ms: Math.round(performance.now() - started), result };
        };
        headcount.track();
        const flush = await timed(() => headcount.flush({ timeoutMs: 150 }));
        headcount.track();
        const close = await timed(() => headcount.close({ timeoutMs: 300 }));
        console.log(JSON.stringify({ flush, close }));`,
    });
    const { code, stdout, stderr, ms } = await app.run('server.mjs', at(address));
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const told = JSON.parse(stdout) as Record<
      'flush' | 'close',
      { ms: number; result: Record<string, number> }
    >;
    // A deadline, and what a thread of a busy machine may be late by.
    expect(told.flush.ms).toBeLessThan(150 + 250);
    expect(told.close.ms).toBeLessThan(300 + 350);
    expect(ms).toBeLessThan(3_000);
    for (const { result } of [told.flush, told.close]) {
      expect(Object.keys(result).toSorted()).toEqual(['dropped', 'queued', 'sent']);
      expect(Object.values(result).every(Number.isInteger)).toBe(true);
    }
    if (behaviour !== undefined) {
      expect(told.close.result).toEqual({ sent: 0, queued: 2, dropped: 0 });
    }
  });

  it.each(SERVERS)('%s, nothing is left after close()', async (_name, behaviour) => {
    const address = await start(behaviour);
    const pair = createAppPair({
      'server.mjs': `import { createHeadcount } from 'headcount';
        [process.stdout, process.stderr]; // made when they are first looked at
        const headcount = createHeadcount({ flushIntervalMs: 0 });
        headcount.track();
        await new Promise((resolve) => setTimeout(resolve, 300));
        headcount.track();
        await headcount.close({ timeoutMs: 400 });
        const listeners = (target) => target.eventNames().map((name) =>
          [String(name), target.listenerCount(name)]).sort();
        await new Promise((resolve) => setImmediate(resolve));
        console.log(JSON.stringify([
          process.getActiveResourcesInfo().sort(), listeners(process),
        ]));`,
    });
    const given = at(address);
    const without = await pair.without.run('server.mjs', given);
    const real = await pair.real.run('server.mjs', given);
    expect(JSON.parse(real.stdout)).toEqual(JSON.parse(without.stdout));
    expect(real).toMatchObject({ code: 0, signal: null, stderr: '' });
    expect(real.ms - without.ms).toBeLessThan(400 + 600);
  });
});

describe('flush() and close()', () => {
  const ARGUMENTS = [
    ...[
      '',
      'undefined',
      'null',
      '{}',
      '{ timeoutMs: 0 }',
      '{ timeoutMs: -1 }',
      '{ timeoutMs: NaN }',
    ],
    ...[
      '{ timeoutMs: Infinity }',
      `{ timeoutMs: 'soon' }`,
      '{ timeoutMs: null }',
      '7',
      `'x'`,
      '[]',
    ],
    ...['{ timeoutMs: 2 ** 31 }', '{ timeoutMs: 5n }', '{ timeoutMs: Symbol() }'],
    '{ get timeoutMs() { throw new Error("mine"); } }',
  ];
  it.each(ARGUMENTS)('never reject: (%s)', async (given) => {
    const server = await startFaultServer();
    const app = createTestApp({
      'server.mjs': `import { createHeadcount } from 'headcount';
        const headcount = createHeadcount(); headcount.track();
        const isResult = (result) => Object.values(result).length === 3 &&
          Object.values(result).every(Number.isInteger);
        console.log(isResult(await headcount.flush(${given})));
        console.log(isResult(await headcount.close(${given})));`,
    });
    const { code, stdout, stderr } = await app.run('server.mjs', at(server.address));
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: 'true\ntrue\n', stderr: '' });
  });

  it('may be called again, at once and after close()', async () => {
    const server = await startFaultServer();
    const app = createTestApp({
      'server.mjs': `import { createHeadcount } from 'headcount';
        const headcount = createHeadcount();
        for (let i = 0; i < 5; i += 1) headcount.track();
        const all = await Promise.all([
          headcount.flush(), headcount.flush(), headcount.close(), headcount.close(),
        ]);
        headcount.track();
        all.push(await headcount.flush(), await headcount.close());
        console.log(all.reduce((sum, { sent }) => sum + sent, 0));`,
    });
    const { code, stdout, stderr } = await app.run('server.mjs', at(server.address));
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: '5\n', stderr: '' });
    expect(server.accepted()).toHaveLength(5);
  });

  it('leave no listener too many for a program that has as many as it may', async () => {
    const server = await startFaultServer();
    const app = createTestApp({
      'server.mjs': `import { createHeadcount } from 'headcount';
        const add = () => process.on('exit', () => undefined);
        while (process.listenerCount('exit') < 9) add();
        const all = [1, 2, 3].map((number) => createHeadcount({ project: 'acme-' + number }));
        for (const headcount of all) headcount.track();
        add();
        for (const headcount of all) await headcount.close();
        console.log(process.listenerCount('exit'), process.getMaxListeners());`,
    });
    const { code, stderr, stdout } = await app.run('server.mjs', at(server.address));
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: '10 10\n', stderr: '' });
  });

  it('resolve in a program that never tracked', async () => {
    const pair = createAppPair({
      'server.mjs': `import { createHeadcount } from 'headcount';
        const headcount = createHeadcount();
        console.log(JSON.stringify([await headcount.flush(), await headcount.close()]));`,
    });
    await expectSameAsWithout(pair, 'server.mjs', {}, 1);
  });
});

describe('in a container', () => {
  it('that ends with the program, close() delivers what its end has left', async () => {
    const server = await startFaultServer();
    const app = createTestApp({
      'ends.mjs': `import { track } from 'headcount'; track(); console.log(process.pid);`,
      'closes.mjs': `import { createHeadcount } from 'headcount';
        const headcount = createHeadcount(); headcount.track();
        console.log(JSON.stringify(await headcount.close({ timeoutMs: 10_000 })));`,
    });
    const wrapper = ['unshare', '--pid', '--fork', '--mount-proc'];
    const options = { ...at(server.address), wrapper };
    expect(await app.run('ends.mjs', options)).toMatchObject({
      code: 0,
      stdout: '1\n',
      stderr: '',
    });
    const { stdout } = await app.run('closes.mjs', options);
    expect(JSON.parse(stdout)).toEqual({ sent: 2, queued: 0, dropped: 0 });
    expect(server.accepted()).toHaveLength(2);
  });
});
