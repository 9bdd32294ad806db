import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findSmallGroups, type PublishedWindow } from '../model/find-small-groups.js';
import { readEverything, shiftDate } from '../model/public-reader.js';
import { reportVisits, type Visit } from '../support/report-visits.js';
import { withToken } from '../support/admin-token.js';
import { startCollector, type TestCollector } from '../support/start-collector.js';

const K = 10;
const DAYS = 40;
const TODAY = '2026-11-22';
const YESTERDAY = shiftDate(TODAY, -1);
const POPULATIONS = 8;
const DIMENSIONS = ['os', 'version', 'certainty'];

/** People who are alike: how many, on which of the days, and what they report. */
const crowds = (changesVersion: boolean) =>
  fc.array(
    fc.record({
      people: fc.oneof(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 8, max: 30 })),
      days: fc.oneof(
        fc.uniqueArray(fc.nat(DAYS - 1), { minLength: 1, maxLength: 3 }),
        fc.constantFrom([DAYS - 1], [DAYS - 2], [DAYS - 2, DAYS - 9], [DAYS - 3, DAYS - 20]),
      ),
      os: fc.constantFrom('Linux', 'Linux', 'Darwin', 'Windows', 'FreeBSD'),
      version: fc.constantFrom('1.0.0', '1.1.0', '2.0.0'),
      later: changesVersion ? fc.constantFrom('1.1.0', '3.0.0') : fc.constant(undefined),
      source: fc.constantFrom('machine', 'machine', 'time', 'ci'),
      event: fc.constantFrom('startup', 'build', 'build'),
      bundler: fc.constantFrom('vite', 'vite', 'webpack', 'none'),
    }),
    { minLength: 2, maxLength: 9 },
  );

type Crowds = ReturnType<typeof crowds> extends fc.Arbitrary<infer Value> ? Value : never;

const undo: (() => void | Promise<void>)[] = [];
const seed = Date.now();
let now = new Date();
let collector: TestCollector;
let projects: { readonly name: string; readonly keepsValue: boolean; readonly all: Crowds }[];

const ask = (url: string) => collector.stranger(url);

/** All that a reader of public answers knows. */
const published = (project: string, dimension: string): Promise<PublishedWindow[]> =>
  readEverything(ask, project, dimension, YESTERDAY);

beforeAll(async () => {
  collector = await startCollector(
    { visibility: 'detailed', statsRateLimit: 0, now: () => now },
    (step) => undo.unshift(step),
  );
  projects = [false, true].flatMap((changes) =>
    fc.sample(crowds(changes), { numRuns: POPULATIONS / 2, seed }).map((all, n) => ({
      ...{ name: `${changes ? 'changing' : 'steady'}-${n}`, keepsValue: !changes, all },
    })),
  );
  // Reports of each day come on that day, since only 30 days are counted in retrospect.
  for (let day = 0; day < DAYS; day++) {
    const date = shiftDate(TODAY, day + 1 - DAYS);
    now = new Date(`${date}T20:00:00.000Z`);
    const visits = projects.flatMap(({ name: project, all }) =>
      all.flatMap(({ people, days, os, version, later, source, event, bundler }, crowd): Visit[] =>
        days.includes(day)
          ? Array.from({ length: people }, (_, n) => ({
              ...{ user: `${crowd}-${n}`, at: date, project, os, source, event },
              fields: event === 'build' ? { bundler } : {},
              version: day > DAYS - 12 ? (later ?? version) : version,
              isKept: source !== 'time' || crowd % 2 === 0,
            }))
          : [],
      ),
    );
    for (let at = 0; at < visits.length; at += 400) {
      await reportVisits(collector, visits.slice(at, at + 400));
    }
  }
});
afterAll(async () => {
  for (const step of undo) await step();
});

describe('all public answers of one moment', () => {
  it('give no group of fewer than k people', async () => {
    for (const { name, keepsValue } of projects) {
      for (const dimension of DIMENSIONS) {
        const windows = await published(name, dimension);
        const mayChange = dimension === 'version' && !keepsValue;
        const small = findSmallGroups(windows, K, !mayChange);
        expect({ seed, name, dimension, small }).toMatchObject({ small: [] });
      }
    }
  });

  it('give none by what reports said either, nor by what follows from events and their fields', async () => {
    let shown = 0;
    for (const { name } of projects) {
      const events = await published(name, 'event');
      const small = findSmallGroups(events, K, true);
      expect({ seed, name, small }).toMatchObject({ small: [] });
      const fields = await published(name, 'field:build.bundler');
      // Everybody who builds has a bundler: those who build are the total, where that is known.
      const within = fields.flatMap((window, at) => {
        const total = events[at]?.named.get('build');
        if (total === undefined)
          expect({ seed, name, window, named: window.named.size }).toMatchObject({ named: 0 });
        return total === undefined ? [] : [{ ...window, total }];
      });
      shown += within.filter(({ named }) => named.size > 0).length;
      for (const windows of [within, fields]) {
        const found = findSmallGroups(windows, K, windows === within);
        expect({ seed, name, found }).toMatchObject({ found: [] });
      }
    }
    expect(shown).toBeGreaterThan(0);
  });

  it('would give one if nothing were hidden, and if only small cells were', async () => {
    let everything = 0;
    let onlySmall = 0;
    for (const { name } of projects) {
      const windows = await readOpenly(name, 'os');
      everything += findSmallGroups(windows, K, true).length;
      onlySmall += findSmallGroups(windows.map(withoutSmall), K, true).length;
    }
    expect(everything).toBeGreaterThan(0);
    expect(onlySmall).toBeGreaterThan(0);
  });

  it('say the same in every format', async () => {
    const [{ name } = { name: '' }] = projects;
    const url = `/v1/stats/breakdown?project=${name}&dimension=os&window=28d`;
    const { rows } = (await ask(url)).body as { rows: { value: string; count: number }[] };
    const ndjson = (await ask(`${url}&format=ndjson`)).text;
    expect(
      ndjson
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as object),
    ).toEqual(rows);
    const csv = (await ask(`${url}&format=csv`)).text;
    expect(
      csv
        .split('\r\n')
        .slice(1, -1)
        .map((line) => line.split(',').slice(0, 2)),
    ).toEqual(rows.map(({ value, count }) => [value, String(count)]));
  });
});

/** What a token shows of the same windows. */
async function readOpenly(project: string, dimension: string): Promise<PublishedWindow[]> {
  const open: PublishedWindow[] = [];
  for (const window of await published(project, dimension)) {
    const query = new URLSearchParams({
      ...{ project, dimension, limit: '1000', to: dateOf(window.lastDay) },
      window: `${window.lastDay - window.firstDay + 1}d`,
    });
    const { body } = await collector.get(`/v1/stats/breakdown?${query.toString()}`);
    const rows = body['rows'] as { value: string; count: number }[];
    const named = new Map(rows.map(({ value, count }) => [value, count]));
    open.push({ ...window, named, other: undefined });
  }
  return open;
}

const dateOf = (day: number): string => new Date(day * 86_400_000).toISOString().slice(0, 10);

const withoutSmall = (window: PublishedWindow): PublishedWindow => ({
  ...window,
  named: new Map([...window.named].filter(([, n]) => n >= K)),
});

describe('a public distribution', () => {
  const crowd = (people: number, visit: Omit<Visit, 'user'>): Visit[] =>
    Array.from({ length: people }, (_, n) => ({ user: `${visit.os ?? ''}-${n}`, ...visit }));
  const rowsOf = async (url: string): Promise<unknown[]> =>
    ((await ask(url)).body['rows'] as { value: string; count: number }[]).map(
      ({ value, count }) => [value, count],
    );

  it('joins small values and the next smallest to other, and keeps the totals exact', async () => {
    const project = 'join';
    await reportVisits(collector, [
      ...crowd(60, { at: YESTERDAY, os: 'Linux', project }),
      ...crowd(30, { at: YESTERDAY, os: 'Darwin', project }),
      ...crowd(3, { at: YESTERDAY, os: 'Windows', project }),
    ]);
    for (const window of ['1d', '7d', '28d']) {
      const url = `/v1/stats/breakdown?project=${project}&dimension=os&window=${window}`;
      expect((await ask(url)).body).toMatchObject({
        total: 93,
        complete: true,
        date: expect.any(String) as string,
      });
      expect(await rowsOf(url)).toEqual([
        ['Linux', 60],
        ['other', 33],
      ]);
    }
    const summary = (await ask(`/v1/stats/summary?project=${project}`)).body;
    expect(summary).toMatchObject({
      total_users: 93,
      os_distribution: { Linux: 60, other: 33 },
      version_distribution: { '1.0.0': 93 },
    });
    expect((await ask(`/stats?project=${project}`)).body).toEqual({
      ...summary,
      as_of: expect.any(String) as string,
    });
  });

  it('stays visible beside one stranger: as a lower bound, which it says', async () => {
    const project = 'stranger';
    await reportVisits(collector, [
      ...crowd(400, { at: YESTERDAY, os: 'Linux', project }),
      { user: 'stranger', at: YESTERDAY, os: 'haiku', version: '9.9.9', project },
    ]);
    for (const window of ['1d', '7d', '28d']) {
      const url = `/v1/stats/breakdown?project=${project}&dimension=version&window=${window}`;
      const { body } = await ask(url);
      expect(body).toMatchObject({
        total: 401,
        merged: { below: K, at_least: ['1.0.0'] },
        rows: [
          { value: '1.0.0', count: 391, at_least: true },
          { value: 'other', count: 10 },
        ],
      });
      const csv = await ask(`${url}&format=csv`);
      expect(csv.headers['headcount-merged']).toBe('groups below 10, some counts are lower bounds');
    }
    for (const path of ['timeseries?group_by=version', 'adoption?dimension=version']) {
      const { body } = await ask(`/v1/stats/${path}&project=${project}&window=28d`);
      expect(body['merged']).toMatchObject({ at_least: ['1.0.0'] });
      expect(body['rows']).toContainEqual(expect.objectContaining({ at_least: true }));
    }
    const { body } = await ask(`/v1/stats/summary?project=${project}`);
    expect(body).toMatchObject({
      total_users: 401,
      os_distribution: { Linux: 391, other: 10 },
      version_distribution: { '1.0.0': 391, other: 10 },
      merged: { below: K, at_least: ['os:Linux', 'version:1.0.0'] },
    });
    // The administrator takes the stranger out.
    const where = { dimension: 'version', value: '9.9.9' };
    await collector.post(`/v1/projects/${project}/cleanings`, { where }, withToken());
    const clean = await ask(`/v1/stats/summary?project=${project}`);
    expect(clean.body).toMatchObject({ version_distribution: { '1.0.0': 400 } });
    expect(clean.body).not.toHaveProperty('merged');
  });

  it('is that of the last complete day, and stays while the day lasts; totals do not', async () => {
    const project = 'stay';
    await reportVisits(collector, crowd(20, { at: YESTERDAY, os: 'Linux', project }));
    const url = `/v1/stats/breakdown?project=${project}&dimension=os`;
    const before = (await ask(url)).body;
    await reportVisits(collector, crowd(20, { at: TODAY, os: 'Darwin', project }));
    await reportVisits(collector, crowd(12, { at: YESTERDAY, os: 'Windows', project }));
    expect((await ask(url)).body).toEqual(before);
    expect(before).toMatchObject({ end: `${TODAY}T00:00:00.000Z`, rows: [{ count: 20 }] });
    const summary = await ask(`/v1/stats/summary?project=${project}`);
    expect(summary.body).toMatchObject({ total_users: 52, os_distribution: { Linux: 20 } });
    // The next day has another.
    now = new Date(now.getTime() + 86_400_000);
    expect(await rowsOf(`${url}&window=1d`)).toEqual([['Darwin', 20]]);
    now = new Date(now.getTime() - 86_400_000);
  });

  it.each([
    ['window', '/v1/stats/breakdown?dimension=os&window=6d'],
    ['window', '/v1/stats/timeseries?window=2d'],
    ['window', '/v1/stats/adoption?window=14d'],
    ['interval', '/v1/stats/timeseries?group_by=os&interval=week'],
    ['to', `/v1/stats/breakdown?dimension=os&window=7d&to=${shiftDate(YESTERDAY, -3)}`],
    ['population', '/v1/stats/timeseries?population=ci'],
    ['dimension', '/v1/stats/breakdown?dimension=event'],
    ['dimension', '/v1/stats/breakdown?dimension=event&metric=reports'],
    ['group_by', '/v1/stats/timeseries?group_by=event&metric=reports'],
    ['dimension', '/v1/stats/breakdown?dimension=field:build.size'],
    // With new people, those who came back, and events, these would be small groups.
    ['dimension', '/v1/stats/breakdown?dimension=age'],
    ['dimension', '/v1/stats/breakdown?dimension=age&metric=people&window=1d'],
    ['group_by', '/v1/stats/timeseries?group_by=age&window=7d'],
    ['dimension', '/v1/stats/adoption?dimension=age'],
    ['dimension', '/v1/stats/breakdown?dimension=level'],
    ['group_by', '/v1/stats/timeseries?group_by=level'],
    ['dimension', '/v1/stats/adoption?dimension=level'],
  ])('is refused without a token for another %s: %s', async (parameter, url) => {
    const asked = `${url}&project=join`;
    expect(await ask(asked)).toMatchObject({
      status: 400,
      body: { code: 'bad_parameter', parameter },
    });
    expect((await collector.get(asked)).status).toBe(200);
  });

  it('does not say how sure the count is: certainty is a dimension', async () => {
    const { body } = await ask('/v1/stats/summary?project=join');
    expect(body['band']).toEqual({ certain: null, likely: null, ephemeral: null });
    const series = await ask('/v1/stats/timeseries?project=join');
    expect((series.body['rows'] as object[])[0]).toMatchObject({ certain: null, likely: null });
    const withBand = await collector.get('/v1/stats/summary?project=join', withToken());
    expect(withBand.body['band']).toEqual({ certain: 93, likely: 0, ephemeral: 0 });
  });

  it('has groups of as many people as the operator asks for', async () => {
    const other = await startCollector({ visibility: 'detailed', k: 3, now: () => now });
    await reportVisits(other, [
      ...crowd(4, { at: YESTERDAY, os: 'Linux' }),
      ...crowd(3, { at: YESTERDAY, os: 'Darwin' }),
    ]);
    const { body } = await other.stranger('/v1/stats/breakdown?project=acme-cli&dimension=os');
    expect(body['rows']).toHaveLength(2);
  });
});
