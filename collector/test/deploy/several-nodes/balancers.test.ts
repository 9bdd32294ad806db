import { afterAll, beforeAll, expect, it } from 'vitest';
import { withToken } from '../../support/admin-token.js';
import { ask as askCounts } from '../../support/ask-counts.js';
import { freePort } from '../../support/free-port.js';
import type { CollectorProcess } from '../../support/start-process.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { until } from '../../support/until.js';
import { ask } from '../proxies/ask.js';
import { BALANCER_NAMES, SITE, startProxy } from '../proxies/start-proxy.js';
import { waitForProxy } from '../proxies/wait-for-proxy.js';
import { type Certificate, makeCertificate } from '../support/certificate.js';
import { type Kit, startKit } from './start-kit.js';
import { type Senders, sendReports } from './send-reports.js';

interface Node {
  readonly url: string;
  readonly start: () => Promise<void>;
  /** Ends it by a signal, and gives its exit code, if it has one. */
  readonly end: (signal: 'SIGKILL' | 'SIGTERM') => CollectorProcess['ended'];
}

/** On the slowest of machines. */
const HOOK_MS = 240_000;

const undo: (() => void | Promise<void>)[] = [];
const atEnd = (step: () => void | Promise<void>): void => void undo.unshift(step);
const ports = new Map<string, number>();
let certificate: Certificate;
let nodes: readonly [Node, Node];
/** Reports that were acknowledged in all tests of this file. */
let acknowledged = 0;

async function prepareNode(kit: Kit): Promise<Node> {
  const data = temporaryFolder(atEnd);
  const port = await freePort();
  let running: CollectorProcess | undefined;
  return {
    url: `http://127.0.0.1:${port}/headcount`,
    start: async () => void (running = await kit.startCollector(data, port)),
    end: async (signal) => {
      running?.child.kill(signal);
      return (await running?.ended) ?? null;
    },
  };
}

beforeAll(async () => {
  certificate = makeCertificate(temporaryFolder(atEnd), SITE);
  const kit = await startKit(atEnd);
  nodes = [await prepareNode(kit), await prepareNode(kit)];
  for (const node of nodes) await node.start();
  const [upstream = '', ...others] = nodes.map(({ url }) => new URL(url).host);
  for (const name of BALANCER_NAMES) {
    const proxy = await startProxy(name, { certificate, upstream, others }, atEnd);
    await waitForProxy(proxy, { ca: certificate.ca, path: '/headcount/readyz' });
    ports.set(name, proxy.port);
  }
}, HOOK_MS);
afterAll(async () => {
  for (const step of undo) await step();
}, HOOK_MS);

const sendThrough = (name: string, connections: number): Senders =>
  sendReports(ports.get(name) ?? 0, certificate.ca, connections);

async function stop(senders: Senders): Promise<void> {
  await senders.stop();
  acknowledged += senders.acknowledged();
}

/** Reports that a collector has acknowledged since its start. */
async function takenBy({ url }: Node): Promise<number> {
  const text = await (await fetch(`${url}/metrics`, { headers: withToken() })).text();
  return Number(/^headcount_reports_acknowledged_total (\d+)$/m.exec(text)?.[1]);
}

it.each(BALANCER_NAMES)(
  '%s shares reports out, and passes on at once what either counts',
  async (name) => {
    const before = await Promise.all(nodes.map(takenBy));
    let isTold = false;
    const heard = ask({
      ...{ port: ports.get(name) ?? 0, ca: certificate.ca, headers: withToken() },
      path: '/headcount/v1/stats/live',
      onPiece: (piece) => {
        const totals = [...piece.matchAll(/"total_users":(\d+)/g)].map(([, total]) =>
          Number(total),
        );
        isTold ||= totals.some((total) => total > acknowledged);
        return isTold;
      },
    });
    const senders = sendThrough(name, 2);
    await heard;
    await until('both take reports', async () => {
      const taken = await Promise.all(nodes.map(takenBy));
      return taken.every((count, n) => count - (before[n] ?? 0) >= 5);
    });
    await stop(senders);
    expect(isTold).toBe(true);
  },
);

it('loses and doubles no report when a collector is killed, and when it is told to end', async () => {
  const [first, second] = nodes;
  /** Lets reports come through each balancer, before and after the first collector ends. */
  const endUnderLoad = async (signal: 'SIGKILL' | 'SIGTERM'): Promise<number | string | null> => {
    const all = BALANCER_NAMES.map((name) => [name, sendThrough(name, 2)] as const);
    const untilMore = async (): Promise<void> => {
      const before = all.map(([, senders]) => senders.acknowledged());
      await until('reports are taken through each balancer', () =>
        all.every(([, senders], n) => senders.acknowledged() >= (before[n] ?? 0) + 20),
      );
    };
    const before = await takenBy(first);
    await until('it takes reports', async () => (await takenBy(first)) - before >= 20);
    await untilMore();
    const ended = await first.end(signal);
    await untilMore();
    for (const [name, senders] of all) {
      await stop(senders);
      // Caddy asks another only where nothing was sent; clients then send their reports again themselves.
      const again = name === 'caddy' ? /^50[234] |^0 socket hang up/ : /^never$/;
      const others = senders.failures.filter((failure) => !again.test(failure));
      expect([name, signal, others]).toEqual([name, signal, []]);
    }
    return ended;
  };
  expect(await endUnderLoad('SIGKILL')).toBe('SIGKILL');
  await first.start();
  // The latter where a thread took its time to go: by this signal it says that it has obeyed.
  expect([0, 'SIGTERM']).toContain(await endUnderLoad('SIGTERM'));

  // The one that ended has left nothing in its journal.
  const counted = async (): Promise<number> => (await askCounts(second.url)).total_reports;
  await until('everything is counted', async () => (await counted()) >= acknowledged);
  const everything = { total_reports: acknowledged, total_users: acknowledged };
  expect(await askCounts(second.url)).toEqual(everything);
});
