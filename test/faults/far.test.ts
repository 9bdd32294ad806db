import { describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import { PORT_INSIDE } from '../support/name-server.js';
import { createTestApp } from '../support/run-app.js';
import { FAR_HOST, startSlowNetwork } from '../support/slow-network.js';

const FILES = {
  'cli.mjs': `import { createHeadcount } from 'headcount';
    createHeadcount({ allowInsecure: true }).track();`,
  'server.mjs': `import { createHeadcount } from 'headcount';
    const headcount = createHeadcount({ allowInsecure: true }); headcount.track();
    console.log(JSON.stringify(await headcount.flush({ timeoutMs: 12_000 })));`,
  // How Node connects by itself: it gives the distant address up for the one without a route.
  'plain.mjs': `import net from 'node:net';
    net.connect({ host: '${FAR_HOST}', port: ${PORT_INSIDE} }, () => process.exit(0))
      .on('error', (error) => { console.log(error.code); process.exit(1); });`,
};
const env = { HEADCOUNT_ENDPOINT: `http://${FAR_HOST}:${PORT_INSIDE}` };

describe('a collector that is far away, and has an address that cannot be reached', () => {
  it.each([400, 1_200])('gets its reports: %i ms there and back', async (roundTripMs) => {
    const { wrapper, requests } = await startSlowNetwork(roundTripMs);
    const app = createTestApp(FILES);
    const plain = await app.run('plain.mjs', { wrapper });
    expect(plain.stdout).toBe('ETIMEDOUT\n'); // else this test shows nothing
    const run = await app.run('server.mjs', { env, wrapper, killAfterMs: 20_000 });
    expect(run).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(run.stdout)).toEqual({ sent: 1, queued: 0, dropped: 0 });
    expect(requests()).toBe(1);
    await app.run('cli.mjs', { env, wrapper });
    await eventually(() => requests() === 2, 'the report of the child', 20_000);
  });
});
