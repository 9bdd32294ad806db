import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import { byteByByte, hugeAnswer, silent, startFaultServer } from '../support/fault-server.js';
import { nodeRelease } from '../support/fault-tools.js';
import { PORT_INSIDE, startNames } from '../support/name-server.js';
import { createTestApp, type RunOptions } from '../support/run-app.js';
import { selfSigned } from '../support/self-signed.js';
import { tempFolder } from '../support/temp-folder.js';

const FILES = {
  'cli.mjs': `import { track } from 'headcount'; track();`,
  'server.mjs': `import { createHeadcount } from 'headcount';
    const headcount = createHeadcount({ allowInsecure: true });
    for (let i = 0; i < 3; i += 1) headcount.track();
    const result = await headcount.flush({ timeoutMs: 12_000 });
    console.log(JSON.stringify({ ...result, error: headcount.status().error }));`,
};
const limited = (kib: number): RunOptions => ({
  wrapper: ['bash', '-c', `ulimit -v ${kib}; exec "$@"`, 'bash'],
});

describe.each<[string, RunOptions]>([
  ['--jitless', { nodeArgs: ['--jitless'] }],
  ['--jitless, Node 22', { nodeArgs: ['--jitless'], node: nodeRelease('22') }],
  ['--jitless, Node 24', { nodeArgs: ['--jitless'], node: nodeRelease('24') }],
  ['4 GB of addresses', limited(4_000_000)],
  ['4 GB of addresses, Node 24', { ...limited(4_000_000), node: nodeRelease('24') }],
  // Room for one memory of WebAssembly, but not for a second one beside it.
  ['12 GB of addresses', limited(12_000_000)],
])('a host without WebAssembly (%s)', (_, how) => {
  it.each([false, true])('sends from its thread, by TLS: %s', async (isTls) => {
    const folder = tempFolder('tls');
    const identity = selfSigned(folder);
    const server = await startFaultServer(undefined, isTls ? () => identity : undefined);
    const app = createTestApp(FILES);
    const env = {
      HEADCOUNT_ENDPOINT: server.address,
      NODE_EXTRA_CA_CERTS: join(folder, 'cert.pem'),
    };
    const { stdout } = await app.run('server.mjs', { ...how, env });
    expect(JSON.parse(stdout)).toEqual({ sent: 3, queued: 0, dropped: 0 });
    expect(server.accepted()).toHaveLength(3);
  });

  it('sends from its child', async () => {
    const server = await startFaultServer();
    const app = createTestApp(FILES);
    const env = { HEADCOUNT_ENDPOINT: server.address };
    expect(await app.run('cli.mjs', { ...how, env })).toMatchObject({ code: 0, stdout: '' });
    await eventually(() => server.accepted().length === 1, 'the report');
  });
});

describe('Node’s client', () => {
  const nodeArgs = ['--jitless'];
  it('sends each report to a first-generation collector, one after another', async () => {
    const server = await startFaultServer();
    const app = createTestApp(FILES);
    const env = { HEADCOUNT_ENDPOINT: `${server.address}/statistics` };
    const { stdout } = await app.run('server.mjs', { nodeArgs, env });
    expect(JSON.parse(stdout)).toEqual({ sent: 3, queued: 0, dropped: 0 });
    expect(server.connections()).toBe(3);
  });

  it('gives up what never answers after ten seconds, as undici does', async () => {
    const server = await startFaultServer(silent);
    const env = { HEADCOUNT_ENDPOINT: server.address };
    for (const args of [nodeArgs, []]) {
      const app = createTestApp(FILES);
      const run = await app.run('server.mjs', { nodeArgs: args, env, killAfterMs: 30_000 });
      expect(JSON.parse(run.stdout)).toMatchObject({ sent: 0 });
      expect(run.ms).toBeGreaterThan(9_000);
      expect(run.ms).toBeLessThan(16_000);
    }
  });

  it.each([
    ['answers 100 MB', hugeAnswer],
    ['answers byte by byte', byteByByte],
  ])('leaves a server that %s', async (_, behaviour) => {
    const server = await startFaultServer(behaviour);
    const app = createTestApp(FILES);
    const env = { HEADCOUNT_ENDPOINT: server.address };
    const run = await app.run('server.mjs', { nodeArgs, env, killAfterMs: 30_000 });
    expect(JSON.parse(run.stdout)).toMatchObject({ sent: 0, queued: 3 });
    expect(run.ms).toBeLessThan(16_000);
  });

  it('asks the name servers as undici’s sockets do', async () => {
    const { wrapper, asked, requests } = await startNames({ known: ['stats.headcount.test'] });
    const app = createTestApp(FILES);
    const env = { HEADCOUNT_ENDPOINT: `http://stats.headcount.test:${PORT_INSIDE}` };
    const { stdout } = await app.run('server.mjs', { nodeArgs, env, wrapper });
    expect(JSON.parse(stdout)).toEqual({ sent: 3, queued: 0, dropped: 0 });
    expect(asked()).toContain('stats.headcount.test');
    expect(requests()).toBe(1);
  });
});

describe('the name localhost', () => {
  it.each([
    ['undici', []],
    ['Node’s client', ['--jitless']],
  ])('is asked of nobody, by %s and by the child', async (_, nodeArgs) => {
    const { wrapper, asked, requests } = await startNames({ known: ['localhost'] });
    const app = createTestApp(FILES);
    const env = { HEADCOUNT_ENDPOINT: `http://localhost:${PORT_INSIDE}` };
    const { stdout } = await app.run('server.mjs', { nodeArgs, env, wrapper });
    expect(JSON.parse(stdout)).toEqual({ sent: 3, queued: 0, dropped: 0 });
    await app.run('cli.mjs', { nodeArgs, env, wrapper });
    await eventually(() => requests() === 2, 'the report of the child');
    expect(asked()).toEqual([]);
  });
});
