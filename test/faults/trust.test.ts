import { join } from 'node:path';
import process from 'node:process';
import { describe, expect, it } from 'vitest';
import { type FaultServer, type Identity, startFaultServer } from '../support/fault-server.js';
import { nodeRelease } from '../support/fault-tools.js';
import { createTestApp, type RunOptions } from '../support/run-app.js';
import { selfSigned } from '../support/self-signed.js';
import { tempFolder } from '../support/temp-folder.js';

const appWith = (options: object) =>
  createTestApp({
    'server.mjs': `import { createHeadcount } from 'headcount';
      const headcount = createHeadcount(${JSON.stringify(options)}); headcount.track();
      const result = await headcount.flush({ timeoutMs: 8_000 });
      console.log(JSON.stringify({ ...result, error: headcount.status().error }));`,
  });

/** A collector with a certificate that nobody vouches for, and the file with it. */
async function startStranger(): Promise<{ server: FaultServer; file: string; identity: Identity }> {
  const folder = tempFolder('tls');
  const identity = selfSigned(folder);
  const server = await startFaultServer(undefined, () => identity);
  return { server, file: join(folder, 'cert.pem'), identity };
}

const [NODE_22, NODE_24] = [nodeRelease('22'), nodeRelease('24')];
const options = (NODE_OPTIONS: string) => ({ env: { NODE_OPTIONS } });
const SYSTEM = { env: { NODE_USE_SYSTEM_CA: '1' } };
/** What makes a host trust the certificates in SSL_CERT_FILE. */
const WAYS: [string, string, RunOptions][] = [
  ['20', '--use-openssl-ca', { nodeArgs: ['--use-openssl-ca'] }],
  ['20', 'NODE_OPTIONS=--use-openssl-ca', options('--use-openssl-ca')],
  ['22', 'NODE_USE_SYSTEM_CA', { ...SYSTEM, node: NODE_22 }],
  ['22', '--use-system-ca', { nodeArgs: ['--use-system-ca'], node: NODE_22 }],
  ['24', '--use-openssl-ca', { nodeArgs: ['--use-openssl-ca'], node: NODE_24 }],
  ['24', 'NODE_USE_SYSTEM_CA', { ...SYSTEM, node: NODE_24 }],
  ['24', '--use-system-ca', { nodeArgs: ['--use-system-ca'], node: NODE_24 }],
  ['24', '--use_system_ca', { nodeArgs: ['--use_system_ca'], node: NODE_24 }],
  ['24', 'NODE_OPTIONS=--use-system-ca', { ...options('--use-system-ca'), node: NODE_24 }],
];

describe.each(WAYS)('a host of Node %s that trusts the system by %s', (_release, _way, how) => {
  it.each([
    ['as it is', false],
    ['beside a certificate of the app’s own', true],
  ])('has the sender trust it too, %s', async (_case, hasOther) => {
    const { server, file } = await startStranger();
    const other = hasOther && selfSigned(tempFolder('tls')).cert;
    const app = appWith(other === false ? {} : { extraCa: other });
    const env = { HEADCOUNT_ENDPOINT: server.address, SSL_CERT_FILE: file, ...how.env };
    const { stdout, stderr } = await app.run('server.mjs', { ...how, env });
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toEqual({ sent: 1, queued: 0, dropped: 0 });
  });
});

describe.each([
  ['20', process.execPath],
  ['22', NODE_22],
  ['24', NODE_24],
])('a host of Node %s', (release, node) => {
  it('with a certificate of the app’s own trusts those of NODE_EXTRA_CA_CERTS too', async () => {
    const { server, file } = await startStranger();
    const app = appWith({ extraCa: selfSigned(tempFolder('tls')).cert });
    const env = { HEADCOUNT_ENDPOINT: server.address, NODE_EXTRA_CA_CERTS: file };
    const { stdout } = await app.run('server.mjs', { node, env });
    expect(JSON.parse(stdout)).toEqual({ sent: 1, queued: 0, dropped: 0 });
  });

  it('trusts what its sender trusts, and no more', async () => {
    const { server, file } = await startStranger();
    const app = appWith({ extraCa: selfSigned(tempFolder('tls')).cert });
    // Without a flag, the system's certificates do not count.
    const env = { HEADCOUNT_ENDPOINT: server.address, SSL_CERT_FILE: file };
    const { stdout } = await app.run('server.mjs', { node, env });
    expect(JSON.parse(stdout)).toMatchObject({ sent: 0, queued: 1 });
    expect(stdout).toMatch(/SELF_SIGNED/);
  });

  const ALONE = [
    release === '20' ? '--experimental-permission' : '--permission',
    ...['--allow-fs-read=*', '--allow-fs-write=*', '--disable-warning=SecurityWarning'],
    ...(release === '20' ? ['--disable-warning=ExperimentalWarning'] : []),
  ];
  it.each([
    ['a thread', []],
    ['the host’s own thread', ALONE],
    ['the host’s own thread, by Node’s client', [...ALONE, '--jitless']],
  ])('obeys no NODE_TLS_REJECT_UNAUTHORIZED in %s, and says nothing of it', async (_way, args) => {
    const { server } = await startStranger();
    const app = createTestApp({
      'server.mjs': `import { createHeadcount } from 'headcount';
        process.on('warning', (warning) => console.log(warning.message));
        const headcount = createHeadcount(); headcount.track();
        console.log(JSON.stringify(await headcount.flush({ timeoutMs: 8_000 })));
        console.log(process.env.NODE_TLS_REJECT_UNAUTHORIZED);`,
    });
    const env = { HEADCOUNT_ENDPOINT: server.address, NODE_TLS_REJECT_UNAUTHORIZED: '0' };
    const run = await app.run('server.mjs', { node, nodeArgs: args, env });
    expect(run.stdout).toBe('{"sent":0,"queued":1,"dropped":0}\n0\n');
    expect(run.stderr).not.toMatch(/TLS/);
    expect(server.accepted()).toEqual([]);
    expect(server.connections()).toBeGreaterThan(0);
  });
});
