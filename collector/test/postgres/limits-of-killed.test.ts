import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { expect, it, onTestFinished } from 'vitest';
import { ADMIN_TOKEN } from '../support/admin-token.js';
import { fullReport } from '../support/reports.js';
import { startCollector } from '../support/start-collector.js';
import { startProcess } from '../support/start-process.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { until } from '../support/until.js';
import { temporarySchema } from './support/temporary-schema.js';

const cli = fileURLToPath(new URL('support/serve-node.mjs', import.meta.url));

const LIMIT = 4;

/** Looks that a node misses before the others take it for gone. */
const MISSED = 3;

let addresses = 0;
/** An address that has sent nothing yet. */
const newAddress = (): string => {
  addresses++;
  return `198.18.${addresses >> 8}.${addresses % 256}`;
};

/** How many reports are taken, one after the other, until one is refused. */
async function takenOf(post: () => Promise<number>): Promise<number> {
  let taken = 0;
  for (;;) {
    const status = await post();
    if (status === 429) return taken;
    expect(status).toBe(202);
    taken++;
  }
}

it('a limit is halved for two collectors, and whole again soon after one was killed', async () => {
  const store = await temporarySchema();
  const options = {
    ...{ store, rateLimit: LIMIT, newIdsLimit: 0, projectRateLimit: 0, projectNewIdsLimit: 0 },
    // One that is busy for a moment is not to be taken for gone.
    ...{ checkNodesEveryMs: 2000, adminToken: ADMIN_TOKEN, trustedProxies: ['127.0.0.1'] },
  };
  const left = await startCollector(options);
  const data = temporaryFolder();
  copyFileSync(join(left.data, 'pepper'), join(data, 'pepper'));
  const killed = await startProcess([JSON.stringify({ ...options, data })], {}, { cli });
  const url = `${await killed.url()}/v1/reports`;

  const leftTakes = (): Promise<number> => {
    const remoteAddress = newAddress();
    return takenOf(async () => {
      const payload = { reports: [fullReport()] };
      const request = { method: 'POST', url: '/v1/reports', payload, remoteAddress } as const;
      return (await left.app.inject(request)).statusCode;
    });
  };
  const killedTakes = (): Promise<number> => {
    const headers = { 'content-type': 'application/json', 'x-forwarded-for': newAddress() };
    return takenOf(async () => {
      const body = JSON.stringify({ reports: [fullReport()] });
      return (await fetch(url, { method: 'POST', headers, body })).status;
    });
  };
  await until('the first knows of the second', async () => (await leftTakes()) === LIMIT / 2);
  expect(await killedTakes()).toBe(LIMIT / 2);

  const client = new pg.Client(store);
  await client.connect();
  onTestFinished(() => client.end());
  const lastLook = async (): Promise<string | undefined> => {
    const { rows } = await client.query<{ at: string }>(
      'SELECT max(seen_at)::text AS at FROM nodes',
    );
    return rows[0]?.at;
  };
  killed.child.kill('SIGKILL');
  await killed.ended;
  const looks = new Set([await lastLook()]);
  await until('the whole limit is given again', async () => {
    looks.add(await lastLook());
    const taken = await leftTakes();
    expect([LIMIT / 2, LIMIT]).toContain(taken);
    return taken === LIMIT;
  });
  // The first of them was before, one more finds out, and the next can come before it is tried again.
  expect(looks.size - 1).toBeLessThanOrEqual(MISSED + 2);
});
