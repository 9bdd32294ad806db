import { existsSync, readFileSync } from 'node:fs';
import { Agent } from 'node:https';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { OPTIONS } from '../../../src/config-options.js';
import { fullReport, reportId } from '../../support/reports.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { makeCertificate } from '../support/certificate.js';
import { shareProcess } from '../support/share-process.js';
import { deployFile } from '../support/deploy-file.js';
import { ask } from './ask.js';
import { DEFAULT_IDLE_MS, type ProxyName, PROXY_NAMES, SITE, startProxy } from './start-proxy.js';
import { waitForProxy } from './wait-for-proxy.js';

/** A collector that closes silent connections so much earlier that the test need not last hours. */
const KEEP_ALIVE_MS = 3000;
const SHORTER = KEEP_ALIVE_MS / OPTIONS.keepAliveMs.fallback;

const collector = shareProcess([
  ...['--base-path', '/headcount', '--trusted-proxies', '127.0.0.1', '--rate-limit', '0'],
  ...['--keep-alive', `${KEEP_ALIVE_MS / 1000}s`],
]);

const CLIENTS = 16;
const REQUESTS = 10_000;

/**
 * Pauses after which connections have just been closed by the proxy, by the collector, or by the
 * collector because nothing was ever asked on them; each client waits a little longer than the
 * one before it.
 */
const pausesFor = (idleMs: number): readonly number[] => [
  ...Array.from({ length: 6 }, (_, n) => idleMs - 100 + 35 * n),
  ...Array.from({ length: 6 }, (_, n) => KEEP_ALIVE_MS - 150 + 35 * n),
  9900,
];

const body = (): string =>
  JSON.stringify(fullReport({ report_id: reportId(), timestamp: new Date().toISOString() }));

it.concurrent.for(PROXY_NAMES)(
  'has no 502 in 10 000 requests with pauses: %s',
  { timeout: 240_000 },
  async (name, { onTestFinished }) => {
    const undo: (() => void | Promise<void>)[] = [];
    let isOver = false;
    // Also where the test has taken too long, and goes on.
    onTestFinished(async () => {
      isOver = true;
      for (const step of undo) await step();
    });
    const atEnd = (step: () => void | Promise<void>): void => void undo.unshift(step);
    const certificate = makeCertificate(temporaryFolder(atEnd), SITE);
    const idleMs = Math.round(DEFAULT_IDLE_MS[name] * SHORTER);
    const upstream = new URL(collector().address).host;
    const proxy = await startProxy(name, { certificate, upstream, idle: `${idleMs}ms` }, atEnd);
    const { ca } = certificate;
    await waitForProxy(proxy, { ca, path: '/headcount/readyz' });
    const pauses = pausesFor(idleMs);
    const inRound = Math.ceil(REQUESTS / (pauses.length + 1) / CLIENTS);
    const answers = new Map<number, number>();
    const askRound = async (client: number): Promise<void> => {
      const agent = new Agent({ keepAlive: true, maxSockets: 1 });
      for (let n = 0; n < inRound && !isOver; n++) {
        const isReport = n % 8 === 0;
        const { status } = await ask({
          ...{ port: proxy.port, ca, agent, from: `127.1.0.${client + 1}` },
          path: isReport ? '/headcount/v1/reports' : '/headcount/livez',
          headers: { 'content-type': 'application/json' },
          ...(isReport && { body: body() }),
        });
        answers.set(status, (answers.get(status) ?? 0) + 1);
      }
      agent.destroy();
    };
    for (const pause of [0, ...pauses]) {
      const clients = Array.from({ length: CLIENTS }, async (_, client) => {
        await wait(pause + client * 5);
        await askRound(client);
      });
      await Promise.all(clients);
    }
    const errors = join(proxy.folder, 'error.log');
    const log = existsSync(errors) ? readFileSync(errors, 'utf8') : proxy.tool.output();
    expect([...answers.keys()].sort(), log.slice(-4000)).toEqual([200, 202]);
    const sum = [...answers.values()].reduce((total, count) => total + count, 0);
    expect(sum).toBeGreaterThanOrEqual(REQUESTS);
  },
);

it('tells clients for how long the collector keeps connections', async () => {
  const { headers } = await fetch(`${collector().address}/livez`);
  expect(headers.get('keep-alive')).toBe(`timeout=${KEEP_ALIVE_MS / 1000}`);
});

/** Where the time is written after which a proxy closes connections. */
const WRITTEN_IN: Readonly<Record<ProxyName, [string, RegExp]>> = {
  // The template has no values of its own.
  nginx: ['../../docs/collector/proxies.md', /^\| nginx, `HEADCOUNT_UPSTREAM_IDLE` +\| (\d+)s/m],
  caddy: ['caddy/headcount.caddy', /keepalive \{\$HEADCOUNT_UPSTREAM_IDLE:(\d+)s\}/],
  haproxy: ['haproxy/headcount.cfg', /presetenv HEADCOUNT_UPSTREAM_IDLE (\d+)s/],
  apache: ['apache/headcount.conf', /Define HEADCOUNT_UPSTREAM_IDLE (\d+)\n/],
};

it.each(PROXY_NAMES)('%s closes connections earlier than the collector', (name) => {
  const [file, pattern] = WRITTEN_IN[name];
  const [, seconds] = pattern.exec(readFileSync(deployFile(file), 'utf8')) ?? [];
  expect(Number(seconds) * 1000).toBe(DEFAULT_IDLE_MS[name]);
  // HAProxy closes the last of its 32 connections at the sixth purge, or some later.
  const closedAfterMs = DEFAULT_IDLE_MS[name] * (name === 'haproxy' ? 10 : 1);
  expect(closedAfterMs).toBeLessThan(OPTIONS.keepAliveMs.fallback);
});
