import { readdirSync, readFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { TRACK_ONCE } from '../support/arrival.js';
import { startCollector } from '../support/collector.js';
import { eventually } from '../support/eventually.js';
import { exitChildren } from '../support/exit-children.js';
import { startFaultServer } from '../support/fault-server.js';
import { outboxFiles } from '../support/outbox-files.js';
import { createTestApp } from '../support/run-app.js';
import { tempFolder } from '../support/temp-folder.js';

/** Passes everything on, and counts how many requests wait for their answer at once. */
async function startCountingProxy(
  target: number,
): Promise<{ address: string; most: () => number }> {
  const asking = new Set<Socket>();
  let most = 0;
  const server = createServer((socket) => {
    const other = connect(target, '127.0.0.1');
    socket.on('data', () => {
      asking.add(socket);
      if (asking.size > most) most = Math.max(most, whoAreThere(asking));
    });
    other.on('data', () => asking.delete(socket));
    socket.on('error', () => other.destroy()).on('close', () => asking.delete(socket));
    other.on('error', () => socket.destroy());
    socket.pipe(other).pipe(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  return { address: `http://127.0.0.1:${port}`, most: () => most };
}

/**
 * How many of these sockets have somebody at their other end. One whose process was killed is in
 * the state CLOSE_WAIT, though the event that tells so may come later (proc(5), net/tcp).
 */
function whoAreThere(sockets: Iterable<Socket>): number {
  const established = new Set(
    readFileSync('/proc/net/tcp', 'utf8')
      .split('\n')
      .map((line) => line.trim().split(/\s+/))
      .filter(([, , , state]) => state === '01')
      .map(([, local = '', remote = '']) => [local, remote].map(portOf).join()),
  );
  return [...sockets].filter(({ localPort, remotePort }) =>
    established.has([localPort, remotePort].join()),
  ).length;
}

const portOf = (address: string): number => Number.parseInt(address.split(':')[1] ?? '', 16);

describe.each([50, 200])('%i programs at once with one home', (count) => {
  it('report once each, by one sender at a time, and leave nothing behind', async () => {
    const collector = await startCollector();
    const proxy = await startCountingProxy(collector.port);
    const temp = tempFolder('tmp');
    const app = createTestApp({ 'cli.mjs': TRACK_ONCE });
    const options = {
      killAfterMs: 100_000,
      env: {
        HEADCOUNT_ENDPOINT: proxy.address,
        HEADCOUNT_EXIT_UPLOAD_INTERVAL_MS: '0',
        TMPDIR: temp,
      },
    };
    let oldestMs = 0;
    const watch = setInterval(() => {
      const ages = exitChildren(app.home).map(({ ageMs }) => ageMs);
      oldestMs = Math.max(oldestMs, ...ages);
    }, 250);
    onTestFinished(() => clearInterval(watch));
    const ends = await Promise.all(
      Array.from({ length: count }, () => app.run('cli.mjs', options)),
    );
    for (const end of ends) {
      expect(end).toMatchObject({ code: 0, signal: null, stdout: 'done\n', stderr: '' });
    }
    // All but two end as soon as they have looked: one sends, and the newest waits for its turn.
    // Their ages do not tell them apart, because a busy machine takes seconds to start 200 of them.
    await eventually(() => exitChildren(app.home).length <= 2, 'two children left', 12_000);
    let runs = count;
    await eventually(
      async () => {
        if (outboxFiles(app.home).length > 0 && exitChildren(app.home).length === 0) {
          await app.run('cli.mjs', options);
          runs += 1;
        }
        return outboxFiles(app.home).length === 0;
      },
      'an empty outbox',
      60_000,
    );
    await eventually(
      async () => (await collector.stats('acme-cli')).total_reports >= runs,
      `${runs} reports counted`,
    );
    expect(await collector.stats('acme-cli')).toMatchObject({
      total_reports: runs,
      total_users: 1,
    });
    await eventually(() => exitChildren(app.home).length === 0, 'no child left', 20_000);
    expect(oldestMs).toBeLessThan(16_000);
    expect(proxy.most()).toBe(1);
    expect(readdirSync(temp)).toEqual([]);
  });
});

/** Lets the programs that connect to it end at one moment: once all of them are there. */
async function startBarrier(count: number): Promise<string> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    sockets.add(socket);
    if (sockets.size === count) for (const each of sockets) each.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return String((server.address() as AddressInfo).port);
}

/** Sends nothing while it lives: its end does. */
const WITH_ALL_OTHERS = `import { connect } from 'node:net'; import { createHeadcount } from 'headcount';
  createHeadcount({ packageJson: import.meta.url, flushIntervalMs: 100_000 }).track();
  connect(process.env.BARRIER, '127.0.0.1').on('error', () => undefined);`;

describe.each([8, 200])('%i programs that end together', (count) => {
  it.each([
    ['each with a child', '0'],
    ['with one child for all', undefined],
  ])('have all reports delivered now, once and by no later run, %s', async (_, intervalMs) => {
    const server = await startFaultServer();
    const app = createTestApp({ 'cli.mjs': WITH_ALL_OTHERS });
    const options = {
      killAfterMs: 100_000,
      env: {
        HEADCOUNT_ENDPOINT: server.address,
        HEADCOUNT_EXIT_UPLOAD_INTERVAL_MS: intervalMs,
        BARRIER: await startBarrier(count),
      },
    };
    const ends = await Promise.all(
      Array.from({ length: count }, () => app.run('cli.mjs', options)),
    );
    for (const end of ends) expect(end).toMatchObject({ code: 0, signal: null, stderr: '' });
    await eventually(() => exitChildren(app.home).length === 0, 'no child left', 20_000);
    expect(outboxFiles(app.home)).toEqual([]);
    const ids = server.accepted().map(({ report_id }) => report_id);
    expect([ids.length, new Set(ids).size]).toEqual([count, count]);
    expect(server.mostConnections()).toBe(1);
  });
});
