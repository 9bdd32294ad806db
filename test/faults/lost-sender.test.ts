import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { TRACK_ONCE } from '../support/arrival.js';
import { eventually } from '../support/eventually.js';
import { exitChildren } from '../support/exit-children.js';
import { type FaultServer, silent, startFaultServer } from '../support/fault-server.js';
import { outboxFiles, outboxFolder } from '../support/outbox-files.js';
import { createTestApp, type Finished, type RunOptions, type TestApp } from '../support/run-app.js';

const STAY = `setInterval(() => undefined, 1e6); console.log('stays');`;
const at = ({ address }: FaultServer): RunOptions => ({
  env: { HEADCOUNT_ENDPOINT: address, HEADCOUNT_EXIT_UPLOAD_INTERVAL_MS: '0' },
});
const lease = ({ home }: TestApp): string => {
  const folder = dirname(outboxFolder(home));
  const [file = ''] = readdirSync(folder).filter((name) => /^lease\.\d+$/.test(name));
  return readFileSync(join(folder, file), 'utf8');
};
const failures = ({ home }: TestApp): unknown => {
  const text = readFileSync(join(home, '.config/headcount/acme-cli/delivery'), 'utf8');
  const states = JSON.parse(text) as Record<string, { failures: unknown }>;
  return Object.values(states)[0]?.failures; // there is one endpoint
};

/** Starts a program that lives on, and resolves once it has printed a word. */
async function live(
  app: TestApp,
  script: string,
  options: RunOptions,
): Promise<{ said: () => string; stop: () => Promise<Finished> }> {
  let said = '';
  let kill = (): unknown => undefined;
  const running = app.run(script, {
    ...options,
    killAfterMs: 110_000,
    started(child) {
      kill = () => child.kill('SIGKILL');
      child.stdout?.on('data', (text: string) => (said += text));
    },
  });
  await eventually(() => said.includes('stays'), `${script} to live`);
  return {
    said: () => said,
    async stop() {
      kill();
      return running;
    },
  };
}

describe('a sender that cannot finish', () => {
  it('lets go of everything when the host closes it and lives on', async () => {
    const server = await startFaultServer(silent);
    const app = createTestApp({
      'cli.mjs': TRACK_ONCE,
      'server.mjs': `import { createHeadcount } from 'headcount';
        const headcount = createHeadcount({ flushIntervalMs: 0 }); headcount.track();
        setTimeout(async () => {
          await headcount.close({ timeoutMs: 100 });
          ${STAY}
        }, 700);`,
    });
    const host = await live(app, 'server.mjs', at(server));
    expect(server.connections()).toBe(1);
    expect(lease(app)).toBe('released');
    expect(outboxFiles(app.home).join()).toMatch(/\.1-\d+\.ready$/);
    await server.heal();
    await app.run('cli.mjs', at(server)); // nothing tells it to wait
    await eventually(() => server.accepted().length === 2, 'both reports');
    const { stderr } = await host.stop();
    expect(stderr).toBe('');
  });

  it('is replaced when its thread is gone, and what it had claimed is sent once', async () => {
    const server = await startFaultServer(silent);
    const app = createTestApp({
      'server.mjs': `import { createHeadcount } from 'headcount';
        process.once('worker', (worker) => setTimeout(async () => {
          await worker.terminate(); console.log('terminated');
        }, 1_500));
        createHeadcount({ flushIntervalMs: 0 }).track();
        ${STAY}`,
    });
    const host = await live(app, 'server.mjs', at(server));
    await eventually(() => server.connections() === 1, 'a request');
    await eventually(() => host.said().includes('terminated'), 'the end of the thread');
    await server.heal();
    // First the lease expires, then the claim.
    await eventually(() => server.accepted().length > 0, 'the report', 100_000);
    await eventually(() => outboxFiles(app.home).length === 0, 'an empty outbox');
    const { stderr } = await host.stop();
    expect(stderr).toBe('');
    expect(server.accepted()).toHaveLength(1);
  });

  it('as a child tells the next one that the server never answers, before its time is over', async () => {
    const server = await startFaultServer(silent);
    const app = createTestApp({ 'cli.mjs': TRACK_ONCE });
    await app.run('cli.mjs', at(server));
    await eventually(() => exitChildren(app.home).length === 1, 'a child');
    await eventually(() => exitChildren(app.home).length === 0, 'no child', 20_000);
    expect(failures(app)).toBe(1);
    expect(lease(app)).toBe('released');
    expect(outboxFiles(app.home).join()).toMatch(/\.1-\d+\.ready$/);
  });
});
