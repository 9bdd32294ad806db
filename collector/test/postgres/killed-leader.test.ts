import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { expect, it, onTestFinished } from 'vitest';
import type { CollectorOptions } from '../../src/collector-options.js';
import { NOTICE_TIMES } from '../../src/notices/notice-times.js';
import type { AlertEvent } from '../../src/notices/notice.js';
import { DEFAULT_RETENTION } from '../../src/rules/retention-classes.js';
import { openNodeWriter } from '../../src/store/postgres/open-postgres-store.js';
import { withToken } from '../support/admin-token.js';
import { countedReport, DAY_MS } from '../support/counted-report.js';
import { startCollector } from '../support/start-collector.js';
import { type CollectorProcess, startProcess } from '../support/start-process.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { until } from '../support/until.js';
import {
  type Answering,
  startReceiver,
  type WebhookReceiver,
} from '../support/webhook-receiver.js';
import { temporarySchema } from './support/temporary-schema.js';

const QUICK = fileURLToPath(new URL('support/quick-collector.mjs', import.meta.url));

/** People who are gone for longer than they are kept, and people with versions that fill the places. */
const [OLD, PRESENT] = [30, 850];

const OPTIONS = {
  retention: { ...DEFAULT_RETENTION, users: 100 },
  ...{ checkJobsEveryMs: 50, checkHealthEveryMs: 50, checkNodesEveryMs: 200 },
  noticeTimes: {
    ...{ ...NOTICE_TIMES, gatherMs: 5, restMs: 5, firstRetryMs: 10, settleMs: 0 },
    // A test that is held up does not look like a receiver that is away.
    webhookMs: 300_000,
  },
};

async function count(store: string): Promise<void> {
  const writer = await openNodeWriter(store, { node: 'before', openedAt: 0 });
  const receivedDay = Math.floor(Date.now() / DAY_MS);
  const reports = Array.from({ length: OLD + PRESENT }, (_, n) =>
    countedReport({
      user: `user-${n}`,
      receivedDay,
      ...(n < OLD ? { day: receivedDay - 200 } : { day: receivedDay - 1, version: `1.${n}.0` }),
    }),
  );
  const place = { journalId: 'before', after: 0, upTo: reports.length, appliedAt: Date.now() };
  await writer.apply({ ...place, reports, deletions: [] });
  await writer.close();
}

/** Holds the rows of users, and tells when somebody waits for them. */
async function holdUsers(store: string) {
  const client = new pg.Client(store);
  await client.connect();
  onTestFinished(() => client.end());
  await client.query('BEGIN; SELECT FROM users FOR UPDATE');
  const waiting = `SELECT FROM pg_stat_activity WHERE pg_backend_pid() = ANY(pg_blocking_pids(pid))`;
  return {
    met: () =>
      until('somebody waits', async () => ((await client.query(waiting)).rowCount ?? 0) > 0),
    letGo: () => client.query('ROLLBACK'),
  };
}

/** Starts a collector that can be killed. */
const startQuick = (
  options: Pick<CollectorOptions, 'data' | 'store' | 'alertWebhook'>,
): Promise<CollectorProcess> =>
  startProcess([JSON.stringify({ ...OPTIONS, ...options })], {}, { cli: QUICK });

/** What a receiver was told of places that are nearly used up. */
const toldOf = ({ received }: WebhookReceiver): readonly string[] =>
  received
    .flatMap(({ body }) => body['events'] as AlertEvent[])
    .filter(({ condition: { name } }) => name === 'places')
    .map(({ event }) => event);

it('a leader that is killed amid its work is followed by another, and all is done once', async () => {
  const store = await temporarySchema();
  const data = temporaryFolder();
  let isSilent = true;
  const answer: Answering = (response, { text }) => {
    if (!isSilent || !text.includes('"places"')) response.writeHead(200).end();
  };
  const [ofLeader, ofOther] = [
    await startReceiver(Array.from({ length: 20 }, () => answer)),
    await startReceiver(),
  ];
  const startLeader = () => startQuick({ data, store, alertWebhook: [ofLeader.url] });
  const runRetention = async (url: string) => {
    const headers = { ...withToken(), 'content-type': 'application/json' };
    const body = JSON.stringify({ dry_run: false });
    const { status } = await fetch(`${url}/v1/retention/runs`, { method: 'POST', headers, body });
    expect(status).toBe(202);
  };

  const leader = await startLeader();
  const url = await leader.url();
  let aheadMs = 0;
  const others = temporaryFolder();
  copyFileSync(join(data, 'pepper'), join(others, 'pepper'));
  const other = await startCollector({
    ...{ ...OPTIONS, data: others, store, alertWebhook: [ofOther.url] },
    now: () => new Date(Date.now() + aheadMs),
  });
  await count(store);
  await until('the leader tells of the places', () => toldOf(ofLeader).length > 0);
  expect(toldOf(ofOther)).toEqual([]);

  const hold = await holdUsers(store);
  await runRetention(url);
  await hold.met();
  leader.child.kill('SIGKILL');
  await leader.ended;
  await until('the other leads, and tells what lasts', () => toldOf(ofOther).length > 0);
  await hold.letGo();
  const summary = async () => (await other.get('/v1/stats/summary?project=acme')).body;
  expect(await summary()).toMatchObject({ total_users: OLD + PRESENT });
  aheadMs = DAY_MS + 1;
  await until('what is old is gone', async () => (await summary())['total_users'] === PRESENT);
  expect(await summary()).toMatchObject({ total_reports: OLD + PRESENT });
  await until('its run is told', async () => {
    const { body } = await other.get('/v1/retention', withToken());
    const { dropped } = body['last_run'] as { dropped: Record<string, { rows: number }> };
    return dropped['users']?.rows === OLD;
  });

  isSilent = false;
  const again = await startLeader();
  await runRetention(await again.url());
  // It does not know whether its receiver has heard it.
  await until('it tells it once more', () => toldOf(ofLeader).length > 1);
  expect([toldOf(ofLeader), toldOf(ofOther)]).toEqual([['begin', 'begin'], ['begin']]);
  expect(await summary()).toMatchObject({
    ...{ total_users: PRESENT, total_reports: OLD + PRESENT },
  });
}, 120_000);

it('who leads after a leader that was killed drops what that one has not, on the same day', async () => {
  const [store, data, others] = [await temporarySchema(), temporaryFolder(), temporaryFolder()];
  await count(store);
  const hold = await holdUsers(store);
  const leader = await startQuick({ data, store });
  await leader.url();
  await hold.met();
  copyFileSync(join(data, 'pepper'), join(others, 'pepper'));
  const other = await startCollector({ ...OPTIONS, data: others, store });
  const lastRun = async () => (await other.get('/v1/retention', withToken())).body['last_run'];
  await until('the other has had its run of the day', async () => (await lastRun()) !== null);
  expect(await lastRun()).toMatchObject({ dropped: { users: { rows: 0 } } });

  leader.child.kill('SIGKILL');
  await leader.ended;
  await hold.letGo();
  await until('it has run again', async () => {
    const { dropped } = (await lastRun()) as { dropped: Record<string, { rows: number }> };
    return dropped['users']?.rows === OLD;
  });
  const { body } = await other.get('/v1/stats/summary?project=acme');
  expect(body).toMatchObject({ total_users: PRESENT });
}, 60_000);
