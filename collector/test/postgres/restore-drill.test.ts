import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { Report } from 'headcount/wire';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { DAY_MS } from '../../src/rules/day.js';
import { openReader } from '../../src/sqlite/database.js';
import { withToken } from '../support/admin-token.js';
import { CLI } from '../support/built.js';
import { type Load, startLoad } from '../support/load.js';
import { fullReport, reportId } from '../support/reports.js';
import { startCollector, type TestCollector } from '../support/start-collector.js';
import { type AtEnd, temporaryFolder } from '../support/temporary-folder.js';
import { until } from '../support/until.js';
import {
  type ArchivedCluster,
  type RecoveringCluster,
  startArchivedCluster,
} from './support/archived-cluster.js';
import { BIN } from './support/cluster.js';
import { startNodes } from './support/start-nodes.js';

const PROJECT = 'drill-cli';
const DAYS = ['2026-11-20', '2026-11-21', '2026-11-22'];

/** Those who are deleted: before the moment, and after it on either node. */
const ERASED = ['gone-before', 'gone-here', 'gone-there'] as const;

const ASKED = [
  ...['summary?', 'timeseries?', 'retention?', 'growth?', 'adoption?'],
  ...['breakdown?dimension=version&', 'breakdown?dimension=os&'],
];

const undo: (() => void | Promise<void>)[] = [];
const atEnd: AtEnd = (step) => void undo.unshift(step);
let cluster: ArchivedCluster;

beforeAll(async () => {
  cluster = await startArchivedCluster();
  atEnd(() => cluster.stop());
});

afterAll(async () => {
  for (const step of undo) await step();
});

/** A report of a person for each name and each day, of a version. */
const reportsOf = (names: readonly string[], version: string): Report[] =>
  names.flatMap((name) =>
    DAYS.map((day) => {
      const { info } = fullReport();
      return fullReport({
        ...{ project: PROJECT, anonymous_id: name, timestamp: `${day}T10:00:00.000Z` },
        report_id: reportId(Date.parse('2026-11-22T20:58:00.000Z')),
        info: { ...info, version },
      });
    }),
  );

const people = (name: string, count: number): string[] =>
  Array.from({ length: count }, (_, n) => `${n}-${name}`);

async function send(node: TestCollector, reports: readonly Report[]): Promise<number> {
  const { status, body } = await node.post('/v1/reports', { reports });
  expect({ status, body }).toMatchObject({ status: 202, body: { accepted: reports.length } });
  return reports.length;
}

const erase = async (node: TestCollector, name: string): Promise<void> => {
  const { status } = await node.delete(`/v1/users/${name}?project=${PROJECT}`, withToken());
  expect(status).toBe(202);
};

async function totalReports(
  { store }: TestCollector,
  project: string | null = null,
): Promise<number> {
  const { totalReports: total } = await store.summary({ project, day: 0 });
  return total;
}

const lostOf = async (node: TestCollector): Promise<number> => {
  const { body } = await node.get('/v1/stats/quality');
  return Number(body['lost_in_restore']);
};

/** Entries of a project that the journal of a node still has. */
function kept({ data }: TestCollector, project: string): number {
  const journal = openReader(join(data, 'journal.db'));
  try {
    const sql = 'SELECT count(*) AS n FROM entries WHERE instr(body, ?) > 0';
    return journal.prepare<{ n: number }>(sql).get([`"${project}"`])?.n ?? NaN;
  } finally {
    journal.close();
  }
}

async function listen({ app }: TestCollector): Promise<string> {
  return app.listen({ port: 0, host: '127.0.0.1' });
}

/** What is answered of the counts, but for the moment of the answer. */
async function answersOf(node: TestCollector): Promise<readonly string[]> {
  const answers: string[] = [];
  for (const what of ASKED) {
    const { status, text } = await node.get(`/v1/stats/${what}project=${PROJECT}`);
    expect({ what, status }).toEqual({ what, status: 200 });
    answers.push(`${what} ${text.replace(/"as_of":"[^"]*"/, '')}`);
  }
  return answers;
}

/** Runs the script by which operators try their backups. */
async function runDrill(pepper: string) {
  const script = fileURLToPath(new URL('../../deploy/postgres/drill.sh', import.meta.url));
  const child = spawn('sh', [script, '.', relative(cluster.backups, cluster.wal), pepper], {
    cwd: cluster.backups,
    env: {
      ...{ PATH: process.env['PATH'] ?? '', PGBIN: BIN },
      ...{ HEADCOUNT_DATABASE: 'postgres', HEADCOUNT_ROLE: 'postgres' },
      HEADCOUNT_COLLECTOR: `${process.execPath} ${CLI}`,
    },
  });
  atEnd(() => void child.kill());
  const [stdout, stderr] = [text(child.stdout), text(child.stderr)];
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, stdout: await stdout, stderr: await stderr };
}

it('nodes go on with a cluster that was restored to a moment, and all that is lost is told', async () => {
  const store = cluster.url;
  const options = { store, rateLimit: 0 };
  // The second one keeps what it has counted.
  const nodes = await startNodes([options, { ...options, keepCountedMs: DAY_MS }], atEnd);
  const [here, there] = nodes;
  if (here === undefined || there === undefined) throw new Error('There are two.');
  const urls = [await listen(here), await listen(there)];
  const loads: Load[] = [];
  const beginLoad = (): void => void loads.push(...urls.map((url) => startLoad(url, 1)));
  const endLoad = async (): Promise<void> => {
    await Promise.all(loads.map(({ stop }) => stop()));
    for (const { refused, unanswered } of loads) expect([...refused, ...unanswered]).toEqual([]);
  };
  let sent = 0;
  const acknowledged = (): number =>
    sent + loads.reduce((sum, load) => sum + load.acknowledged.length, 0);

  // A base backup, while both count.
  beginLoad();
  const early = reportsOf(people('early', 5), '1.0.0');
  sent += await send(here, [...reportsOf(ERASED, '1.0.0'), ...early]);
  await cluster.backUp();
  sent += await send(there, reportsOf(people('later', 5), '1.0.0'));
  const { body: token } = await here.post('/v1/tokens', { level: 'developer' }, withToken());
  await erase(here, 'gone-before');
  await endLoad();
  for (const node of nodes) {
    await until('all is counted before the moment', async () => {
      return (await totalReports(node)) === acknowledged();
    });
  }
  await cluster.nameMoment('before_the_mistake');
  const atMoment = acknowledged();

  // After the moment: what the journals forget is lost, but for deletions.
  beginLoad();
  sent += await send(here, reportsOf(people('lost', 4), '9.9.9'));
  sent += await send(there, reportsOf(people('kept', 3), '9.9.9'));
  const lostHere = 4 * DAYS.length;
  await erase(here, 'gone-here');
  await erase(there, 'gone-there');
  expect((await there.delete(`/v1/tokens/${String(token['id'])}`, withToken())).status).toBe(204);
  await until('one journal has forgotten, and the other has all', async () => {
    return kept(here, PROJECT) === 0 && (await totalReports(there, PROJECT)) === sent;
  });
  expect(kept(there, PROJECT)).toBeGreaterThanOrEqual(8 * DAYS.length);
  const { headers } = await here.get(`/v1/stats/summary?project=${PROJECT}`);
  const etag = String(headers['etag']);

  // The primary is destroyed under load. Reports are taken meanwhile.
  await cluster.halt();
  sent += await send(here, reportsOf(people('new', 6), '2.0.0'));
  sent += await send(there, reportsOf(people('new-too', 2), '2.0.0'));
  await send(there, early); // once more, as after an answer that was lost
  await until('there is load while the store is away', () => acknowledged() > atMoment + 20);
  await endLoad();
  const restored: RecoveringCluster = await cluster.recover('before_the_mistake');
  atEnd(() => restored.stop());
  for (const node of nodes) {
    const { status } = await node.get('/v1/stats/retention?project=' + PROJECT);
    expect(status).toBe(503);
  }
  await restored.finish();

  const expectWhole = async (all: readonly TestCollector[]): Promise<void> => {
    for (const node of all) {
      const lost = await lostOf(node);
      expect({ lost, counted: await totalReports(node) }).toEqual({
        lost,
        counted: acknowledged() - lost,
      });
      expect(lost).toBeGreaterThanOrEqual(lostHere);
    }
    expect(there.log()).not.toContain('are lost');
  };
  for (const node of nodes) {
    await until('all that is left is counted', async () => {
      return (await totalReports(node)) + (await lostOf(node)) >= acknowledged();
    });
  }
  await expectWhole(nodes);
  const isLetIn = async (node: TestCollector): Promise<boolean> => {
    return (await node.get('/v1/tokens', withToken(String(token['token'])))).status !== 401;
  };
  for (const node of nodes) expect(await isLetIn(node)).toBe(false);
  const again = await here.get(`/v1/stats/summary?project=${PROJECT}`, { 'if-none-match': etag });
  expect(again.status).toBe(200);

  // A twin that only ever had what must be there.
  const data = temporaryFolder(atEnd);
  copyFileSync(join(here.data, 'pepper'), join(data, 'pepper'));
  const twin = await startCollector({ data }, atEnd);
  await send(twin, reportsOf([...ERASED, ...people('early', 5), ...people('later', 5)], '1.0.0'));
  for (const name of ERASED) await erase(twin, name);
  await send(twin, reportsOf(people('kept', 3), '9.9.9'));
  await send(twin, reportsOf([...people('new', 6), ...people('new-too', 2)], '2.0.0'));
  const expected = await answersOf(twin);
  for (const node of nodes) expect(await answersOf(node)).toEqual(expected);

  const { code, stdout, stderr } = await runDrill(join(here.data, 'pepper'));
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toContain(PROJECT);

  for (const node of nodes) await node.close();
  const restarted = [
    await startCollector({ store, data: here.data }, atEnd),
    await startCollector({ ...options, data: there.data, keepCountedMs: DAY_MS }, atEnd),
  ];
  await expectWhole(restarted);
  for (const node of restarted) {
    expect(await isLetIn(node)).toBe(false);
    expect(await answersOf(node)).toEqual(expected);
    for (const name of ERASED) {
      const { body } = await node.get(`/v1/users/${name}?project=${PROJECT}`, withToken());
      expect(body).toMatchObject({ total_reports: 0, deleted_at: '2026-11-22T21:00:00.000Z' });
    }
  }
}, 600_000);
