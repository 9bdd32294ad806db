import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AskedAnswer, compare } from '../model/compare.js';
import { NaiveCount } from '../model/naive-count.js';
import type { WireReport } from '../model/naive-report.js';
import type { Question } from '../model/questions.js';
import { firstEvent } from '../support/first-event.js';
import { readCsv } from '../support/read-csv.js';
import { startCollector, type TestCollector } from '../support/start-collector.js';
import { until } from '../support/until.js';

const NOW = Date.parse('2026-11-28T12:00:00Z');
const DAY_MS = 86_400_000;
const BURST = '2026-11-25';
const TOKEN = 'the-administrator-of-tests';

/** People who report once, so many days ago. */
const people = (project: string, count: number, daysAgo: number, who = 'new'): WireReport[] =>
  Array.from({ length: count }, (_, n) => ({
    anonymous_id: `${who}-${daysAgo}-${n}`,
    timestamp: new Date(NOW - daysAgo * DAY_MS).toISOString(),
    project,
    info: { os: 'Linux', version: '1.0.0' },
  }));

const REPORTS: WireReport[] = [
  ...people('acme', 601, 3),
  // Half of the days before have 60 new people, and the other half none.
  ...Array.from({ length: 20 }, (_, n) => people('acme', 3, 4 + n, 'usual')).flat(),
  ...people('acme', 450, 2),
  // Farms are no people.
  ...people('farm', 700, 1, 'ci-farm'),
  // In all projects together only.
  ...people('one', 300, 2, 'one'),
];

let collector: TestCollector & { url: string };
let now = NOW;
const count = new NaiveCount('UTC');
const undo: (() => void | Promise<void>)[] = [];

async function take(reports: readonly WireReport[]): Promise<void> {
  for (let at = 0; at < reports.length; at += 500) {
    const some = reports.slice(at, at + 500);
    count.take(some, now);
    const { status } = await collector.post('/v1/reports', { reports: some });
    expect(status).toBe(202);
  }
}

beforeAll(async () => {
  const atEnd = (step: () => void | Promise<void>): void => void undo.unshift(step);
  const started = await startCollector({ now: () => new Date(now), adminToken: TOKEN }, atEnd);
  const url = await started.app.listen({ port: 0, host: '127.0.0.1' });
  collector = { ...started, url };
  await take(REPORTS);
});
afterAll(async () => {
  for (const step of undo) await step();
});

async function ask(path: string): Promise<AskedAnswer> {
  if (path.startsWith('/v1/stats/live')) return firstEvent(`${collector.url}${path}`);
  const { status, text, headers } = await collector.get(path);
  return { status, text, asOf: headers['headcount-as-of'] };
}

const QUESTIONS: Question[] = ['acme', 'one', undefined].flatMap((project) => {
  const scope: Record<string, string> = project === undefined ? {} : { project };
  const of = (path: string, query: Record<string, string> = {}): Question[] =>
    [undefined, 'csv', 'ndjson'].map((format) => ({
      path,
      query: { ...scope, ...query, ...(format !== undefined && { format }) },
    }));
  const series = '/v1/stats/timeseries';
  return [
    ...of('/stats'),
    ...of('/v1/stats/quality'),
    ...of(series, { metric: 'new', interval: 'week' }),
    ...of(series, { window: '7d', from: '2026-11-20' }),
    ...of(series, { metric: 'reports', interval: 'month' }),
    ...of(series, { group_by: 'os', window: '3d', from: '2026-11-22', to: '2026-11-29' }),
    ...of('/v1/stats/breakdown', { dimension: 'version', window: '3d' }),
    ...of('/v1/stats/retention', { interval: 'day', from: '2026-11-24' }),
    ...of('/v1/stats/adoption', { from: '2026-11-24', window: '2d' }),
    ...of('/v1/stats/growth', { from: '2026-11-20', window: '7d' }),
    { path: '/v1/stats/live', query: scope },
  ];
});

describe('a day with unusually many new people', () => {
  it('is marked in every answer that holds it, in every format, and counted like any other', async () => {
    for (const question of QUESTIONS) await compare(ask, question, count, now);
  });

  it('is named in a header where an answer has rows alone, and in none that does not hold it', async () => {
    const path = '/v1/stats/breakdown?project=acme&dimension=os&format=csv&to=';
    expect((await collector.get(`${path}2026-11-28`)).headers['headcount-unusual']).toBe(BURST);
    expect((await collector.get(`${path}2026-11-24`)).headers).not.toHaveProperty(
      'headcount-unusual',
    );
    const csv = readCsv((await collector.get('/stats?project=acme&format=csv')).text);
    expect(csv).toContainEqual(['unusual', BURST]);
  });

  it('is one of a project, or of all projects together', async () => {
    const unusual = async (query: string) =>
      (await collector.get(`/stats${query}`)).body['unusual'];
    expect(await unusual('?project=acme')).toEqual([BURST]);
    expect(await unusual('?project=one')).toEqual([]);
    expect(await unusual('?project=farm')).toEqual([]);
    expect(await unusual('')).toEqual([BURST, '2026-11-26']);
    const rows = (await collector.get('/v1/stats/projects', { authorization: `Bearer ${TOKEN}` }))
      .body['rows'] as { project: string; unusual: boolean }[];
    expect(rows.filter(({ unusual: is }) => is).map(({ project }) => project)).toEqual(['acme']);
  });

  it('is logged once for its project', async () => {
    const lines = (): string[] =>
      collector
        .log()
        .split('\n')
        .filter((line) => line.includes('newPeople'));
    await until('it is logged', () => lines().length > 0);
    await take(people('acme', 1, 3, 'late'));
    await take(people('one', 600, 0, 'today'));
    await until('the next one is logged', () => lines().length > 1);
    expect(lines().map((line) => JSON.parse(line) as object)).toMatchObject([
      { project: 'acme', date: BURST, newPeople: 601 },
      { project: 'one', date: '2026-11-28', newPeople: 600 },
    ]);
  });

  it('is gone from the summary after 28 days, and from no answer about its days', async () => {
    now += 27 * DAY_MS;
    expect((await collector.get('/stats?project=acme')).body['unusual']).toEqual([]);
    const path = `/v1/stats/timeseries?project=acme&metric=new&from=${BURST}&to=${BURST}`;
    expect((await collector.get(path)).body['rows']).toMatchObject([{ value: 602, unusual: true }]);
  });
});
