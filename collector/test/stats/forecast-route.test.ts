import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { openPepper } from '../../src/privacy/pepper.js';
import type { CollectorOptions } from '../../src/collector-options.js';
import type { CountedReport } from '../../src/rules/counted-report.js';
import type { FoldedQuality } from '../../src/rules/fold.js';
import { openCountsWriter } from '../../src/store/sqlite/counts-writer.js';
import { countBy, createRandom } from '../forecast/random.js';
import { countedReport, DAY_MS } from '../support/counted-report.js';
import { fullReport, reportId } from '../support/reports.js';
import {
  type Answer,
  NOW,
  startCollector,
  type TestCollector,
} from '../support/start-collector.js';
import { type AtEnd, temporaryFolder } from '../support/temporary-folder.js';

const TODAY = Math.floor(NOW.getTime() / DAY_MS);
const dateOf = (day: number): string => new Date(day * DAY_MS).toISOString().slice(0, 10);

/** Where people are: three systems with three versions. */
const CELLS = ['Windows', 'Linux', 'Darwin'].flatMap((os, at) =>
  ['2.3.0', '2.3.1', '2.2.0'].map((version, place) => ({
    ...{ os, version },
    share: ([0.5, 0.3, 0.2][at] ?? 0) * ([0.5, 0.35, 0.15][place] ?? 0),
  })),
);

interface Seed {
  /** Complete days, the last of them yesterday. */
  readonly days: number;
  readonly people: number;
  /** Which share is left of a cell, by how many days ago it is. */
  readonly left?: (daysAgo: number, cell: (typeof CELLS)[number]) => number;
  /** What reports say, by how many days ago they are. */
  readonly says?: (daysAgo: number) => Pick<CountedReport, 'event' | 'fields'>;
}

/** The reports of a project that has fewer people at week-ends. */
function reportsOf(project: string, { days, people, left = () => 1, says }: Seed): CountedReport[] {
  const random = createRandom(1);
  return Array.from({ length: days }, (_, at) => days - at).flatMap((daysAgo) => {
    const day = TODAY - daysAgo;
    const week = day % 7 > 4 ? 0.7 : 1;
    return CELLS.flatMap((cell) => {
      const mean = people * week * cell.share * left(daysAgo, cell);
      return Array.from({ length: countBy(random, mean) }, (_, n) =>
        countedReport({
          ...{ user: `${cell.os[0]}${cell.version}#${n}`, project },
          ...{ os: cell.os, version: cell.version, receivedDay: day },
          ...{ day, at: day * DAY_MS + 1, madeAt: day * DAY_MS + 1 },
          ...says?.(daysAgo),
        }),
      );
    });
  });
}

/** A collector with the counts of some projects. */
async function openSeeded(
  projects: Readonly<Record<string, Seed>>,
  atEnd: AtEnd,
  quality: readonly FoldedQuality[] = [],
  options: Partial<CollectorOptions> = {},
): Promise<TestCollector> {
  const data = temporaryFolder(atEnd);
  openPepper(join(data, 'pepper'), true);
  const writer = openCountsWriter(join(data, 'counts.db'), 0);
  const reports = Object.entries(projects)
    .flatMap(([name, seed]) => reportsOf(name, seed))
    .sort((a, b) => a.day - b.day);
  await writer.apply({
    ...{ journalId: 'seed', after: 0, upTo: reports.length, reports, deletions: [], quality },
    appliedAt: (TODAY - 1) * DAY_MS + 1,
  });
  await writer.close();
  return startCollector({ data, visibility: 'detailed', ...options }, atEnd);
}

const lastDay = (share: number) => (daysAgo: number) => (daysAgo === 1 ? share : 1);

const undo: (() => void | Promise<void>)[] = [];
let collector: TestCollector;

beforeAll(async () => {
  const projects: Readonly<Record<string, Seed>> = {
    acme: { days: 60, people: 90 },
    young: { days: 34, people: 40 },
    even: { days: 60, people: 300, left: lastDay(0.5) },
    silent: { days: 60, people: 60, left: lastDay(0) },
    flooded: { days: 60, people: 40, left: (daysAgo) => (daysAgo === 5 ? 20 : 1) },
    broken: {
      ...{ days: 60, people: 400 },
      left: (daysAgo, { os, version }) =>
        daysAgo <= 2 && os === 'Windows' && version === '2.3.0' ? 0.05 : 1,
    },
    // Over ten days, half of those with Windows leave.
    sinking: {
      ...{ days: 70, people: 600 },
      left: (daysAgo, { os }) =>
        os === 'Windows' ? 1 - 0.05 * Math.min(Math.max(14 - daysAgo, 0), 10) : 1,
    },
    mute: {
      ...{ days: 60, people: 80 },
      says: (daysAgo) => ({ event: 'build', fields: daysAgo <= 2 ? {} : { bundler: 'vite' } }),
    },
  };
  collector = await openSeeded(projects, (step) => undo.unshift(step));
});
afterAll(async () => {
  for (const step of undo) await step();
});

interface AnsweredRow {
  readonly date: string;
  readonly complete: boolean;
  readonly expected: number | null;
  readonly low: number | null;
  readonly high: number | null;
  readonly observed: number | null;
  readonly flags: readonly string[];
  readonly reasons: readonly { kind: string; text: string; where: unknown[]; share: number }[];
}

const rowsOf = ({ body }: Answer): readonly AnsweredRow[] => body['rows'] as AnsweredRow[];
const rowAgo = (answer: Answer, daysAgo: number): AnsweredRow | undefined =>
  rowsOf(answer).find(({ date }) => date === dateOf(TODAY - daysAgo));

describe('GET /v1/stats/forecast', () => {
  it('tells of each day what was expected, its band and what came, and of today what is expected', async () => {
    const answer = await collector.get('/v1/stats/forecast?project=acme');
    expect(answer.body).toMatchObject({
      ...{ project: 'acme', metric: 'active', unit: 'people', timezone: 'UTC' },
      ...{ status: 'ok', days_known: 60, days_needed: 35, unusual: [] },
    });
    expect(rowsOf(answer)).toHaveLength(30);
    const series = await collector.get('/v1/stats/timeseries?project=acme');
    for (const [at, { value }] of (series.body['rows'] as { value: number }[]).entries()) {
      const row = rowsOf(answer)[at];
      if (row === undefined) throw new Error('A day is missing.');
      const isToday = row.date === dateOf(TODAY);
      expect([row.date, row.observed]).toEqual([row.date, isToday ? null : value]);
      expect(row.complete).toBe(!isToday);
      // 60 days ago was the first; 25 days ago the 36th.
      const isKnown = Date.parse(row.date) / DAY_MS >= TODAY - 25;
      expect([row.date, row.expected !== null]).toEqual([row.date, isKnown]);
      if (!isKnown) continue;
      expect(row.low).toBeLessThanOrEqual(row.expected ?? 0);
      expect(row.high).toBeGreaterThanOrEqual(row.expected ?? Infinity);
    }
    // What the running day has so far changes nothing.
    const before = rowsOf(answer);
    await collector.post('/v1/reports', {
      reports: [fullReport({ project: 'acme', timestamp: NOW.toISOString() })],
    });
    expect(rowsOf(await collector.get('/v1/stats/forecast?project=acme'))).toEqual(before);
  });

  it('says under 35 days that it needs 35', async () => {
    const answer = await collector.get('/v1/stats/forecast?project=young');
    expect(answer).toMatchObject({
      status: 200,
      body: { status: 'too_few_days', days_known: 34, days_needed: 35 },
    });
    for (const { expected, low, high, flags } of rowsOf(answer)) {
      expect({ expected, low, high, flags }).toEqual({
        ...{ expected: null, low: null, high: null },
        flags: [],
      });
    }
    const nobody = await collector.get('/v1/stats/forecast?project=nobody');
    expect(nobody.body).toMatchObject({ status: 'too_few_days', days_known: 0 });
  });

  it('names the system and the version in which a fall lies first', async () => {
    const answer = await collector.get('/v1/stats/forecast?project=broken');
    for (const ago of [1, 2]) {
      const row = rowAgo(answer, ago);
      expect(row?.flags).toContain('low');
      expect(row?.reasons[0]).toMatchObject({
        kind: 'values',
        where: [
          { dimension: 'os', value: 'Windows' },
          { dimension: 'version', value: '2.3.0' },
        ],
      });
      expect(row?.reasons[0]?.share).toBeGreaterThan(0.6);
    }
  });

  it('says of an even fall that it is spread evenly', async () => {
    const row = rowAgo(await collector.get('/v1/stats/forecast?project=even'), 1);
    expect(row?.flags).toEqual(['low']);
    expect(row?.reasons.map(({ kind }) => kind)).toEqual(['spread']);
  });

  it('names what has to do with counting before everything else', async () => {
    const refused = await openSeeded(
      { acme: { days: 60, people: 300, left: lastDay(0.4) } },
      onTestFinished,
      // Refused requests count for no project.
      [{ project: null, day: TODAY - 1, kind: 'rejected:rate_limited', count: 180 }],
    );
    const row = rowAgo(await refused.get('/v1/stats/forecast?project=acme'), 1);
    expect(row?.flags).toEqual(['low']);
    expect(row?.reasons[0]).toEqual({
      kind: 'counting_problem',
      text:
        'Far more reports than usual are refused with rate_limited: 180, usually 0. ' +
        'A problem of counting is likelier than fewer people',
      code: 'reports_refused',
      values: { problem: 'rate_limited', observed: 180, usual: 0 },
      where: [],
      share: null,
    });
  });

  it('calls a day on which a proxy made all clients one a problem of counting', async () => {
    let nowMs = (TODAY - 1) * DAY_MS + DAY_MS / 2;
    const limited = await openSeeded(
      { acme: { days: 60, people: 100, left: lastDay(0) } },
      onTestFinished,
      [],
      { now: () => new Date(nowMs), rateLimit: 30, monotonicMs: () => 0 },
    );
    const statuses = new Map<number, number>();
    for (let person = 0; person < 80; person++) {
      const report = fullReport({
        ...{ project: 'acme', anonymous_id: person.toString(16).padStart(16, '0') },
        ...{ timestamp: new Date(nowMs).toISOString(), report_id: reportId() },
      });
      const { statusCode } = await limited.app.inject({
        ...{ method: 'POST', url: '/v1/reports', remoteAddress: '203.0.113.9' },
        headers: { 'content-type': 'application/json' },
        payload: JSON.stringify(report),
      });
      statuses.set(statusCode, (statuses.get(statusCode) ?? 0) + 1);
    }
    expect(statuses.get(429)).toBe(50);
    // Refusals are counted a little later, or before they are asked for.
    await limited.get('/v1/stats/quality');
    nowMs += DAY_MS;
    const row = rowAgo(await limited.get('/v1/stats/forecast?project=acme'), 1);
    expect(row).toMatchObject({ observed: 30, flags: ['low'] });
    expect(row?.reasons[0]).toMatchObject({
      ...{ kind: 'counting_problem', code: 'reports_refused' },
      values: { problem: 'rate_limited', observed: 50 },
    });
    expect(row?.reasons[0]?.text).toContain('rate_limited: 50');
  });

  it('calls a day without anything a problem of counting', async () => {
    const row = rowAgo(await collector.get('/v1/stats/forecast?project=silent'), 1);
    expect(row).toMatchObject({ observed: 0, flags: ['low'] });
    expect(row?.reasons.map(({ kind }) => kind)).toEqual(['counting_problem']);
  });

  it('compares no day with one that has unusually many new people', async () => {
    const answer = await collector.get('/v1/stats/forecast?project=flooded');
    expect(answer.body['unusual']).toEqual([dateOf(TODAY - 5)]);
    expect(rowAgo(answer, 5)).toMatchObject({ flags: ['unusual'], unusual: true });
    expect(rowAgo(answer, 4)?.expected).toBeLessThan(60);
  });

  it('answers past days as it did then', async () => {
    const now = await collector.get('/v1/stats/forecast?project=acme');
    const to = dateOf(TODAY - 4);
    const then = await collector.get(`/v1/stats/forecast?project=acme&to=${to}&from=${to}`);
    expect(rowsOf(then)).toEqual([rowAgo(now, 4)]);
  });

  it('tells where a slow fall lies, week against week', async () => {
    const answer = await collector.get('/v1/stats/forecast?project=sinking');
    const slow = rowsOf(answer).find(({ flags }) => flags.includes('slow_fall'));
    expect(slow?.reasons[0]).toMatchObject({
      kind: 'values',
      where: [{ dimension: 'os', value: 'Windows' }],
    });
    expect(slow?.reasons[0]?.text).toMatch(/ of the fall is in os Windows$/);
  });

  it('forecasts the reports of an event, and those with a field that stops coming', async () => {
    const ask = (of: string) =>
      collector.get(`/v1/stats/forecast?project=mute&metric=reports&of=${of}`);
    const field = await ask('field:build.bundler');
    expect(field.body).toMatchObject({ status: 'ok', of: 'field:build.bundler', unit: 'reports' });
    for (const daysAgo of [1, 2]) {
      expect(rowAgo(field, daysAgo)).toMatchObject({ observed: 0, flags: ['low'] });
      expect(rowAgo(field, daysAgo)?.reasons[0]?.kind).toBe('counting_problem');
    }
    const event = await ask('event:build');
    const all = await collector.get('/v1/stats/forecast?project=mute&metric=reports');
    expect(event.body['rows']).toHaveLength(30);
    const figures = (answer: Answer) => rowsOf(answer).map((row) => ({ ...row, reasons: [] }));
    expect(figures(event)).toEqual(figures(all));
    expect((await ask('event:nobody')).body).toMatchObject({ status: 'too_few_days' });
    for (const wrong of ['build', 'field:bundler', 'event:']) {
      expect((await ask(wrong)).body).toMatchObject({ code: 'bad_parameter', parameter: 'of' });
    }
    const people = await collector.get('/v1/stats/forecast?project=mute&of=event:build');
    expect(people.body).toMatchObject({ code: 'bad_parameter', parameter: 'of' });
  });

  it('forecasts new people and reports, and writes rows alone', async () => {
    for (const metric of ['new', 'reports']) {
      const url = `/v1/stats/forecast?project=acme&metric=${metric}`;
      const answer = await collector.get(url);
      expect(answer.body).toMatchObject({ metric, status: 'ok' });
      const series = await collector.get(`/v1/stats/timeseries?project=acme&metric=${metric}`);
      const values = (series.body['rows'] as { value: number }[]).map(({ value }) => value);
      expect(rowsOf(answer).map(({ observed }) => observed)).toEqual([
        ...values.slice(0, -1),
        null,
      ]);
    }
    const csv = (await collector.get('/v1/stats/forecast?project=acme&format=csv')).text;
    expect(csv.split(/\r?\n/)[0]).toBe(
      'date,start,end,complete,expected,low,high,observed,flags,reasons,unusual',
    );
  });

  it('has lists in NDJSON, as in JSON, and joins them in CSV', async () => {
    const url = '/v1/stats/forecast?project=mute&metric=reports&of=field:build.bundler';
    const rows = rowsOf(await collector.get(url));
    const lines = (await collector.get(`${url}&format=ndjson`)).text.trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(rows);
    const flagged = rows.filter(({ reasons }) => reasons.length > 0);
    expect(flagged.length).toBeGreaterThan(0);
    const { text: csv } = await collector.get(`${url}&format=csv`);
    for (const { flags, reasons } of flagged) {
      expect(csv).toContain(flags.join(' '));
      expect(csv).toContain(reasons.map(({ text }) => text).join('; '));
    }
  });

  it('needs a token of a level, and refuses wrong parameters', async () => {
    expect((await collector.stranger('/v1/stats/forecast?project=acme')).status).toBe(401);
    const wrong = await collector.get('/v1/stats/forecast?metric=retention');
    expect(wrong.status).toBe(400);
  });
});
