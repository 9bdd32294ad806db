import { chownSync, copyFileSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { withToken } from '../support/admin-token.js';
import { type Authority, createAuthority } from '../support/certificates.js';
import { freePort } from '../support/free-port.js';
import { post } from '../support/load.js';
import { fullReport } from '../support/reports.js';
import { startCollector } from '../support/start-collector.js';
import { startProcess } from '../support/start-process.js';
import { type AtEnd, temporaryFolder } from '../support/temporary-folder.js';
import { until } from '../support/until.js';
import { type Cluster, startCluster } from './support/cluster.js';
import { run } from './support/run.js';
import { startRedis, type TestRedis } from './support/start-redis.js';
import { temporarySchema } from './support/temporary-schema.js';

/** Those that an account needs. */
const COMMANDS = ['+getrange', '+set'];

const PASSWORD = 'correct-horse-battery';

const undo: (() => void | Promise<void>)[] = [];
const atEnd: AtEnd = (step) => void undo.unshift(step);
let cluster: Cluster;
let redis: TestRedis;
let redisPort: number;
let folder: string;
let authority: Authority;
let stranger: Authority;

/** `ada` shows a certificate, and `bob` gives a password; both only by TLS. */
const RULES = `
local all all trust
host all postgres 127.0.0.1/32 trust
hostssl all ada 127.0.0.1/32 cert
hostssl all bob 127.0.0.1/32 scram-sha-256
`;

beforeAll(async () => {
  folder = temporaryFolder(atEnd);
  authority = createAuthority(folder);
  stranger = createAuthority(folder, 'stranger');
  const server = authority.issue('server', 'localhost');
  cluster = await startCluster();
  atEnd(() => cluster.stop());
  const { uid, gid } = statSync(cluster.data);
  for (const [name, path] of [
    ['server.crt', server.cert],
    ['server.key', server.key],
    ['ca.crt', authority.cert],
  ] as const) {
    const copy = join(cluster.data, name);
    copyFileSync(path, copy);
    chownSync(copy, uid, gid);
  }
  writeFileSync(join(cluster.data, 'pg_hba.conf'), RULES);
  await run(cluster.url, `ALTER SYSTEM SET ssl = on`);
  await run(cluster.url, `ALTER SYSTEM SET ssl_ca_file = 'ca.crt'`);
  await run(
    cluster.url,
    `SELECT pg_reload_conf();
     CREATE ROLE bob LOGIN PASSWORD '${PASSWORD}'; GRANT CREATE ON SCHEMA public TO bob;
     CREATE ROLE ada LOGIN; CREATE SCHEMA ada AUTHORIZATION ada`,
  );
  redisPort = await freePort();
  redis = await startRedis(atEnd, [
    ...['--tls-port', String(redisPort), '--tls-auth-clients', 'no'],
    ...['--tls-cert-file', server.cert, '--tls-key-file', server.key],
    ...['--tls-ca-cert-file', authority.cert],
  ]);
  await redis.send('ACL', 'SETUSER', 'carol', 'on', `>${PASSWORD}`, '~headcount:*', ...COMMANDS);
});

afterAll(async () => {
  for (const step of undo) await step();
});

const addressOf = (user: string, host: string, parameters: Record<string, string>): string =>
  `postgres://${user}@${host}:${cluster.port}/postgres?${new URLSearchParams(parameters).toString()}`;

/** What the command prints for people when it cannot use a store. */
async function refusalOf(store: string): Promise<string> {
  const data = temporaryFolder();
  const { ended, stdout, stderr } = await startProcess(
    ['--port', '0', '--no-metrics', '--data', data],
    {
      HEADCOUNT_STORE: store,
    },
  );
  expect(await ended).toBe(1);
  return stdout() + stderr();
}

describe('a store that is reached by TLS', () => {
  it('is used, and its password is nowhere to be seen', async () => {
    const sslrootcert = authority.cert;
    const { child, url, stdout, stderr } = await startProcess(
      ['--port', '0', '--no-metrics', '--log-level', 'trace', '--data', temporaryFolder()],
      {
        HEADCOUNT_STORE: addressOf(`bob:${PASSWORD}`, 'localhost', {
          ...{ sslmode: 'verify-full', sslrootcert },
        }),
      },
    );
    const base = await url();
    const get = async (path: string) => {
      const response = await fetch(`${base}${path}`, { headers: withToken() });
      return { status: response.status, text: await response.text() };
    };
    expect(await post(`${base}/v1/reports`, fullReport())).toBe(202);
    const summary = '/v1/stats/summary?project=acme-cli';
    await until('it is counted', async () =>
      (await get(summary)).text.includes('"total_reports":1'),
    );
    await run(
      cluster.url,
      `ALTER ROLE bob NOLOGIN; SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'bob'`,
    );
    expect(await post(`${base}/v1/reports`, fullReport())).toBe(202);
    await until('it tells of it', async () => (await get('/health')).status === 503);
    const health = await get('/health');
    await run(cluster.url, 'ALTER ROLE bob LOGIN');
    await until('all is counted', async () =>
      (await get(summary)).text.includes('"total_reports":2'),
    );
    const told = [
      ...[health.text, (await get('/metrics')).text, (await get('/health')).text],
      ...[stdout(), stderr(), readFileSync(`/proc/${child.pid}/cmdline`, 'utf8')],
    ];
    expect(told.join('\n')).toContain('does not let this user in');
    expect(told.join('\n')).not.toContain(PASSWORD);
  });

  it('is shown a certificate instead of a password', async () => {
    const { cert, key } = authority.issue('ada', 'ada');
    const collector = await startCollector({
      store: addressOf('ada', 'localhost', {
        ...{ sslmode: 'verify-full', sslrootcert: authority.cert, sslcert: cert, sslkey: key },
        options: '-c search_path=ada',
      }),
    });
    expect((await collector.get('/health')).status).toBe(200);
  });

  it.each<[string, () => string, RegExp]>([
    [
      'whose certificate is of another authority',
      () =>
        addressOf(`bob:${PASSWORD}`, 'localhost', {
          ...{ sslmode: 'verify-full', sslrootcert: stranger.cert },
        }),
      /no authority that is trusted here .* sslrootcert/,
    ],
    [
      'whose authority is not named',
      () => addressOf(`bob:${PASSWORD}`, 'localhost', { sslmode: 'require' }),
      /no authority that is trusted here .* sslrootcert/,
    ],
    [
      'whose certificate is for another host',
      () =>
        addressOf(`bob:${PASSWORD}`, '127.0.0.1', {
          ...{ sslmode: 'verify-full', sslrootcert: authority.cert },
        }),
      /is for another host/,
    ],
    [
      'that has no TLS',
      () =>
        `${inject('postgresUrl').replace('postgres@', `postgres:${PASSWORD}@`)}?sslmode=require`,
      /its server has no TLS/,
    ],
    [
      'that wants TLS, without it',
      () => addressOf(`bob:${PASSWORD}`, 'localhost', {}),
      /does not let this user in .* no encryption/,
    ],
    [
      'with a password that is wrong',
      () =>
        addressOf(`bob:${PASSWORD}-not`, 'localhost', {
          ...{ sslmode: 'verify-full', sslrootcert: authority.cert },
        }),
      /the password is wrong, or there is no such user/,
    ],
    [
      'that wants a certificate, without one',
      () =>
        addressOf('ada', 'localhost', {
          ...{ sslmode: 'verify-full', sslrootcert: authority.cert },
        }),
      /does not let this user in .* client certificate/,
    ],
    [
      'whose authority is in no file',
      () =>
        addressOf(`bob:${PASSWORD}`, 'localhost', {
          ...{ sslmode: 'verify-full', sslrootcert: join(folder, 'none.pem') },
        }),
      /none\.pem.* Correct sslrootcert/,
    ],
  ])('is refused, one %s', async (_what, address, message) => {
    const said = await refusalOf(address());
    expect(said).toMatch(/--store \(or HEADCOUNT_STORE\): The store cannot be used: /);
    expect(said).toMatch(message);
    expect(said).not.toContain(PASSWORD);
    expect(said).not.toMatch(/^ +at |Warning/m);
  });
});

describe('a cache that is reached by TLS', () => {
  /** Starts a collector on a schema of its own, and asks it what it may keep. */
  const start = async (env: Record<string, string>) => {
    const { url, stdout, stderr } = await startProcess(
      ['--port', '0', '--no-metrics', '--log-level', 'trace', '--data', temporaryFolder()],
      {
        HEADCOUNT_STORE: await temporarySchema(),
        HEADCOUNT_CACHE: `rediss://carol:${PASSWORD}@localhost:${redisPort}`,
        ...env,
      },
    );
    const base = await url();
    const get = async (path: string) => {
      const response = await fetch(`${base}${path}`, { headers: withToken() });
      return { status: response.status, text: await response.text() };
    };
    expect((await get('/v1/stats/timeseries?project=acme-cli')).status).toBe(200);
    return { get, log: () => stdout() + stderr() };
  };

  it('is not used where its authority is not trusted, and is told of', async () => {
    const { get, log } = await start({});
    await until('it is told', async () => {
      return /^headcount_cache_failures_total\{reason="down"\} [1-9]/m.test(
        (await get('/metrics')).text,
      );
    });
    expect(await redis.all()).toEqual(new Map());
    expect(log()).not.toContain(PASSWORD);
  });

  it('is used where it is', async () => {
    const { get, log } = await start({ NODE_EXTRA_CA_CERTS: authority.cert });
    await until('an answer is kept', async () => (await redis.all()).size > 0);
    expect((await get('/health')).text + (await get('/metrics')).text + log()).not.toContain(
      PASSWORD,
    );
  });
});
