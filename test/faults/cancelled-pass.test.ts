import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import { exitChildren } from '../support/exit-children.js';
import { answering, type Behaviour, silent, startFaultServer } from '../support/fault-server.js';
import { createTestApp } from '../support/run-app.js';

interface State {
  readonly failures: number;
  readonly notBeforeMs: number;
  readonly decidedAtMs: number;
}

/** What the senders of this home know of the collector. */
function known(home: string, address: string): State | undefined {
  const file = join(home, '.config/headcount/acme-cli/delivery');
  if (!existsSync(file)) return undefined;
  const states = JSON.parse(readFileSync(file, 'utf8')) as Record<string, State>;
  return states[`${address}/v1/reports`];
}

const program = (end: string): string => `import { createHeadcount } from 'headcount';
  const headcount = createHeadcount(); headcount.track(); await headcount.${end};`;
/** Answers the first connection, and is silent from then on. */
function onceThenSilent(): Behaviour {
  let connections = 0;
  const closing = answering(() => ({ status: 500, body: 'no', headers: { connection: 'close' } }));
  return (socket) => ((connections += 1) === 1 ? closing : silent)(socket);
}

it.each(['flush({ timeoutMs: 2_500 })', 'close({ timeoutMs: 2_500 })'])(
  'the answer that came before a pass was cancelled is kept: %s',
  async (end) => {
    const server = await startFaultServer(onceThenSilent());
    const app = createTestApp({ 'cli.mjs': program(end) });
    await app.run('cli.mjs', { env: { HEADCOUNT_ENDPOINT: server.address } });
    expect(known(app.home, server.address)).toMatchObject({ failures: 1 });
  },
);

it('a pass that was cancelled without an answer says nothing of the collector', async () => {
  const server = await startFaultServer(silent);
  const app = createTestApp({ 'cli.mjs': program('close({ timeoutMs: 1_000 })') });
  await app.run('cli.mjs', { env: { HEADCOUNT_ENDPOINT: server.address } });
  expect(known(app.home, server.address)).toBeUndefined();
});

it(
  'programs that flush briefly back off from a collector that fails',
  { timeout: 60_000 },
  async () => {
    let requests = 0;
    const server = await startFaultServer(
      answering(() => {
        requests += 1;
        return { status: 404, body: 'no such page', headers: { 'content-type': 'text/plain' } };
      }),
    );
    const app = createTestApp({ 'cli.mjs': program('flush({ timeoutMs: 1_500 })') });
    for (let run = 1; run <= 5; run += 1) {
      await app.run('cli.mjs', { env: { HEADCOUNT_ENDPOINT: server.address } });
      await eventually(() => exitChildren(app.home).length === 0, 'the end of the child');
      const { failures = 0 } = known(app.home, server.address) ?? {};
      expect(failures).toBeGreaterThan(0);
      // Only the very first pass repeats its request: three in all. Each later try is counted.
      expect(requests).toBeLessThanOrEqual(2 + failures);
    }
  },
);
