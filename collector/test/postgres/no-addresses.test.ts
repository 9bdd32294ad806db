import { createHash, createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { expect, it, onTestFinished } from 'vitest';
import { clientNetwork } from '../../src/access/client-network.js';
import { CHANNEL_SQL } from '../../src/store/postgres/shared/shared-mirror.js';
import { ADMIN_TOKEN, withToken } from '../support/admin-token.js';
import { OWN_PAGE } from '../support/browser.js';
import { bearer, fullReport } from '../support/reports.js';
import { until } from '../support/until.js';
import { startRedis } from './support/start-redis.js';
import { temporarySchema } from './support/temporary-schema.js';
import { startTwoNodes } from './support/two-nodes.js';

const PROXY = '10.1.2.3';

/** Each with what it may be written as. */
const ADDRESSES: Readonly<Record<string, readonly string[]>> = {
  '198.51.100.77': ['::ffff:198.51.100.77', '::ffff:c633:644d'],
  '203.0.113.201': ['::ffff:203.0.113.201', '::ffff:cb00:71c9'],
  '2001:db8:77a1:b2c3::d4e5': ['2001:0db8:77a1:b2c3:0000:0000:0000:d4e5', '20010db877a1b2c3'],
  '2a02:26f7:c9d1:e3f5:1:2:3:4': ['2a02:26f7:c9d1:e3f5:0001:0002:0003:0004', '2a0226f7c9d1e3f5'],
};

/** What would tell of an address: its texts, and the beginning of every hash of them, as text or bytes. */
function tracesOf(address: string, pepper: Buffer): readonly string[] {
  const network = clientNetwork(address);
  const texts = [address, ...(ADDRESSES[address] ?? []), network, network.replace('/48', '')];
  const keys = [pepper, pepper.toString('hex'), pepper.toString('base64')];
  const hashes = texts.flatMap((text) =>
    ['md5', 'sha1', 'sha256'].flatMap((name) => [
      createHash(name).update(text).digest(),
      ...keys.map((key) => createHmac(name, key).update(text).digest()),
    ]),
  );
  const written = hashes.flatMap((hash) => [
    hash.toString('hex').slice(0, 16),
    hash.toString('base64').slice(0, 16),
    hash.toString('base64url').slice(0, 16),
    hash.toString('latin1').slice(0, 8),
  ]);
  return [...new Set([...texts, PROXY, ...written])];
}

/** Every row of every table of a schema, as text; bytes are in hex. */
async function readStore(client: pg.Client): Promise<string> {
  const { rows: tables } = await client.query<{ name: string }>(
    `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = current_schema()`,
  );
  const all: string[] = [];
  for (const { name } of tables) {
    // The identity of a row has no hyphens where hashes have none.
    const { rows } = await client.query<{ row: string }>(`SELECT t::text AS row FROM ${name} t`);
    all.push(...rows.map(({ row }) => `${name} ${row}\n${row.replaceAll('-', '')}`));
  }
  return all.join('\n');
}

it('no address leaves a collector, nor what it could be told by', async () => {
  const store = await temporarySchema();
  const redis = await startRedis(onTestFinished);
  const heard: string[] = [];
  const client = new pg.Client(store);
  await client.connect();
  onTestFinished(() => client.end());
  const nodes = await startTwoNodes({
    ...{ store, cache: redis.url, cacheWaitMs: 20_000, checkNodesEveryMs: 100 },
    ...{ trustedProxies: ['10.0.0.0/8'], rateLimit: 6, checkJobsEveryMs: 50 },
  });
  client.on('notification', ({ channel, payload }) => heard.push(`${channel} ${payload ?? ''}`));
  const { rows } = await client.query<{ channel: string }>(`SELECT ${CHANNEL_SQL} AS channel`);
  await client.query(`LISTEN ${rows[0]?.channel ?? ''}`);

  const statuses = new Set<number>();
  const sources = Object.keys(ADDRESSES).flatMap((address) => [
    { remoteAddress: address, headers: {} },
    { remoteAddress: PROXY, headers: { 'x-forwarded-for': `192.0.2.9, ${address}` } },
    { remoteAddress: PROXY, headers: { 'x-forwarded-for': `[${address}]:4711, 10.9.9.9` } },
  ]);
  for (const [at, { remoteAddress, headers }] of sources.entries()) {
    const { app } = nodes[at % 2] ?? nodes[0];
    const ask = async (
      method: 'GET' | 'POST' | 'PUT' | 'DELETE',
      url: string,
      { payload, ...further }: Record<string, unknown> = {},
    ): Promise<void> => {
      const { statusCode } = await app.inject({
        ...{ method, url, remoteAddress, headers: { ...headers, ...further } },
        ...(payload !== undefined && { payload: payload as object }),
      });
      statuses.add(statusCode);
    };
    const id = `person-${at}`;
    const reports = [fullReport({ anonymous_id: id }), fullReport({ anonymous_id: `${id}b` })];
    await ask('POST', '/v1/reports', { payload: { reports } });
    await ask('POST', '/v1/reports', { payload: { reports: [{ project: 'acme-cli' }] } });
    await ask('POST', '/report', { payload: fullReport() });
    const url = `/v1/users/${id}?project=acme-cli`;
    await ask('GET', url, bearer());
    await ask('DELETE', url, bearer());
    await ask('DELETE', `/v1/users/${id}b?project=acme-cli`, withToken());
    await ask('GET', '/v1/stats/summary?project=acme-cli', withToken());
    await ask('GET', '/v1/stats/summary');
    await ask('GET', '/v1/badge.svg?project=acme-cli');
    await ask('PUT', '/v1/projects/acme-cli', { ...withToken(), payload: { badge: true } });
    await ask('POST', '/v1/tokens', { ...withToken(), payload: { level: 'restricted' } });
    await ask('GET', '/v1/audit', withToken('no-token-of-anybody'));
    await ask('POST', '/v1/session', { ...OWN_PAGE, payload: { token: ADMIN_TOKEN } });
    await ask('POST', '/v1/session', { ...OWN_PAGE, payload: { token: 'wrong' } });
  }
  // All of it was done, and some of it refused.
  for (const status of [200, 202, 401, 429]) expect([...statuses]).toContain(status);
  for (const node of nodes) await node.get('/v1/stats/timeseries?project=acme-cli', withToken());
  await until('the cache has answers', async () => (await redis.all()).size > 0);
  await until('a collector tells that it has counted', () =>
    heard.some((one) => one.includes('counted')),
  );

  const pepper = readFileSync(join(nodes[0].data, 'pepper'));
  const values = [...(await redis.all())].map(([name, value]) => name + value.toString('latin1'));
  const expectNone = (text: string): void => {
    for (const address of Object.keys(ADDRESSES)) {
      const found = tracesOf(address, pepper).filter((trace) => text.includes(trace));
      expect({ address, found }).toEqual({ address, found: [] });
    }
  };
  expectNone(heard.join('\n'));
  expectNone(values.join('\n'));
  expectNone(await readStore(client));

  // So would be found what a collector would leave.
  const [address = ''] = Object.keys(ADDRESSES);
  const hash = createHmac('sha256', pepper).update(clientNetwork(address)).digest();
  await client.query(`CREATE TABLE leaked AS SELECT '\\x${hash.toString('hex')}'::bytea AS hash`);
  const text = await readStore(client);
  expect(() => expectNone(text)).toThrow('found');
}, 120_000);
