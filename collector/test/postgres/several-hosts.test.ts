import { once } from 'node:events';
import { copyFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectToFirst } from '../../src/store/postgres/first-host.js';
import { freePort } from '../support/free-port.js';
import { startCollector, type TestCollector } from '../support/start-collector.js';
import { type AtEnd, temporaryFolder } from '../support/temporary-folder.js';
import { until } from '../support/until.js';
import {
  askOne,
  type Cluster,
  type Standby,
  startCluster,
  startStandby,
} from './support/cluster.js';
import { type Cable, startCable } from './support/start-cable.js';

const undo: (() => void | Promise<void>)[] = [];
const atEnd: AtEnd = (step) => void undo.unshift(step);
let primary: Cluster;
let standby: Standby;
/** To the primary. */
let cable: Cable;
let silent: SilentHost;
/** The folder of a collector. */
let data: string;

beforeAll(async () => {
  data = temporaryFolder(atEnd);
  primary = await startCluster();
  atEnd(() => primary.stop());
  standby = await startStandby(primary);
  atEnd(() => standby.stop());
  cable = await startCable(primary.port, atEnd);
  silent = await startSilentHost();
});

afterAll(async () => {
  for (const step of undo) await step();
});

interface SilentHost {
  readonly port: number;
  /** How many connections came. */
  tries(): number;
  /** How many of them are open. */
  open(): number;
}

/** Takes connections, and never says anything. */
async function startSilentHost(): Promise<SilentHost> {
  const sockets = new Set<Socket>();
  let tries = 0;
  const server = createServer((socket) => {
    tries++;
    sockets.add(socket);
    socket.resume();
    socket.on('error', () => undefined); // whoever has tried leaves as they like
    socket.on('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  atEnd(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  // It listens on a port, and not on a path.
  const { port } = server.address() as AddressInfo;
  return { port, tries: () => tries, open: () => sockets.size };
}

let sent = 0;

async function send(collector: TestCollector): Promise<void> {
  const report = {
    anonymous_id: `user-${++sent}`,
    timestamp: '2026-11-22T20:00:00.000Z',
    project: 'acme',
    info: { os: 'Linux', version: '1.0.0' },
  };
  expect((await collector.post('/v1/reports', { reports: [report] })).status).toBe(202);
}

const untilCounted = (collector: TestCollector): Promise<void> =>
  until(`${sent} reports are counted`, async () => {
    const { body } = await collector.get('/v1/stats/summary?project=acme');
    return body['total_reports'] === sent;
  });

const END_ALL = `
  SELECT count(pg_terminate_backend(pid)) > 0 FROM pg_stat_activity
  WHERE application_name = 'headcount-collector'`;

describe('of several hosts', () => {
  it('the primary is found at the start and after a loss, whatever the others do', async () => {
    // A start connects several times: to wait for both each time would take minutes.
    const ports = [standby.port, await freePort(), silent.port, silent.port, cable.port];
    const hosts = ports.map((port) => `127.0.0.1:${port}`).join(',');
    const collector = await startCollector({
      data,
      store: `postgres://postgres@${hosts}/postgres?target_session_attrs=read-write`,
    });
    await send(collector);
    await untilCounted(collector);
    expect(await askOne(primary.url, END_ALL)).toBe(true);
    await send(collector);
    await untilCounted(collector);
    // Each connection has tried both once at most on its way, and has left them.
    expect(silent.tries()).toBeGreaterThan(0);
    expect(silent.tries()).toBeLessThanOrEqual(2 * cable.connections());
    await until('nobody waits for them', () => silent.open() === 0);

    await standby.untilReceived();
    await primary.halt();
    await send(collector);
    await standby.promote();
    await send(collector);
    await untilCounted(collector);
    const { body } = await collector.get('/v1/stats/quality');
    expect(body).toMatchObject({ accepted: sent, duplicates: 0, lost_in_restore: 0 });
  });

  it('the old primary that comes back is refused, by whoever has seen the new one, or can', async () => {
    // The standby was promoted above.
    await primary.resume();
    const address = (...ports: number[]): string =>
      `postgres://postgres@${ports.map((port) => `127.0.0.1:${port}`).join(',')}/postgres`;
    const both = address(primary.port, standby.port);
    const startNewcomer = (): Promise<TestCollector> => {
      const folder = temporaryFolder();
      copyFileSync(join(data, 'pepper'), join(folder, 'pepper'));
      return startCollector({ data: folder, store: both, checkHealthEveryMs: 20 });
    };
    const gone = await startNewcomer();
    await gone.close();
    const onOld = { data: gone.data, store: address(primary.port) };
    await expect(startCollector(onOld)).rejects.toThrow('an old primary that has come back');

    const collector = await startNewcomer();
    await send(collector);
    await untilCounted(collector);
    await standby.halt();
    await send(collector);
    expect((await collector.get('/v1/stats/summary?project=acme')).status).toBe(503);
    await until('the old primary is told of', async () => {
      const { text } = await collector.get('/health');
      return text.includes('an old primary of the store has come back');
    });
    expect(collector.log()).toContain('is an old primary that has come back');
    await standby.resume();
    await untilCounted(collector);
    const { body } = await collector.get('/v1/stats/quality');
    expect(body).toMatchObject({ accepted: sent, duplicates: 0, lost_in_restore: 0 });
  });
});

describe('the first host that will do', () => {
  it('is taken though one before it never answers, which is told so', async () => {
    const left: string[] = [];
    let answerLate = (): void => undefined;
    const taken = await connectToFirst(
      ['silent', 'failing', 'good', 'untried'],
      (host, isTaken) => {
        if (host === 'failing') return Promise.reject(new Error('It fails.'));
        if (host !== 'silent') return Promise.resolve(host);
        return new Promise<string>((resolve) => {
          isTaken.addEventListener('abort', () => left.push('told'));
          answerLate = () => resolve('silent');
        });
      },
      (late) => left.push(late),
    );
    expect([taken, left]).toEqual(['good', ['told']]);
    answerLate();
    await until('what came too late is given back', () => left.length > 1);
    expect(left).toEqual(['told', 'silent']);
  });

  it('is missing with what the last one says, whichever fails last', async () => {
    let failFirst = (): void => undefined;
    const connecting = connectToFirst(
      ['first', 'last'],
      (host) =>
        host === 'last'
          ? Promise.reject(new Error('of the last')).finally(() => failFirst())
          : new Promise<never>((_, reject) => {
              failFirst = () => reject(new Error('of the first'));
            }),
      () => undefined,
    );
    await expect(connecting).rejects.toThrow('of the last');
  });
});
