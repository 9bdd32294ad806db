import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { fastify } from 'fastify';
import { describe, expect, it, onTestFinished } from 'vitest';
import { PUBLIC } from '../../src/access/caller.js';
import type { Level } from '../../src/access/level.js';
import type { App } from '../../src/app-types.js';
import type { CountedReport } from '../../src/rules/counted-report.js';
import { dateOfDay } from '../../src/rules/day.js';
import { createAnswering, type PosedQuestion } from '../../src/stats/answer-question.js';
import type { AnswerOfState } from '../../src/stats/question-desk.js';
import { defineQuestions } from '../../src/stats/define-questions.js';
import { registerRecentRoute } from '../../src/stats/recent-route.js';
import { registerQuestion } from '../../src/stats/register-question.js';
import { createMemoryStore } from '../memory-store/memory-store.js';
import { countedReport, DAY_MS, noon, TODAY } from '../support/counted-report.js';

const NOW = new Date(noon(TODAY));

/** The routes as a caller of a level sees them, over a store with some reports. */
async function openAs(level: Level, reports: readonly CountedReport[]): Promise<App> {
  const { reader: store, writer } = createMemoryStore();
  await writer.apply({
    ...{ journalId: 'j', after: 0, upTo: reports.length, reports, deletions: [] },
    appliedAt: NOW.getTime(),
  });
  const app: App = fastify().withTypeProvider<TypeBoxTypeProvider>();
  onTestFinished(() => app.close());
  const answer = createAnswering(store);
  const parts = {
    store,
    desk: {
      answer: async (posed: PosedQuestion): Promise<AnswerOfState> => {
        const result = await answer(posed);
        if (result.kind === 'answer') return { ...result, state: null };
        throw new Error(result.detail);
      },
    },
    clientOf: () => undefined,
    counting: { caughtUp: () => Promise.resolve(NOW), version: '1' },
    projects: {
      zoneOf: () => 'UTC',
      toldOf: () => ({ coverage: null, ended: {}, invented: false }),
      list: () => [],
      notesOf: () => [],
    },
    k: 10,
    listeningSince: NOW,
    now: () => NOW,
    guards: [],
    access: {
      callerOf: () => PUBLIC,
      isCurrent: () => true,
      view: () => ({ level, visibility: 'detailed' as const, among: null, seesAll: true }),
    },
    refusals: { flush: () => Promise.resolve() },
    dailyCells: { of: () => Promise.resolve({}) },
  };
  registerRecentRoute(app, parts);
  defineQuestions((question) => registerQuestion(app, parts, question));
  return app;
}

async function rowsOf(app: App, url: string): Promise<Record<string, unknown>[]> {
  const body = (await app.inject(url)).json<Record<string, Record<string, unknown>[]>>();
  return body['users'] ?? body['rows'] ?? [];
}

/** Six people whose first days, versions and numbers of reports all differ. */
const SIX = Array.from({ length: 6 }, (_, n) =>
  [n, 0].flatMap((back) =>
    Array.from({ length: n + 1 }, (_report, at) =>
      countedReport({
        ...{ user: `user ${n}`, version: `${n}.0.0`, day: TODAY - back },
        at: (TODAY - back) * DAY_MS + 1000 * n + at,
        madeAt: (TODAY - back) * DAY_MS + 1000 * n + at,
      }),
    ),
  ),
).flat();

describe('people seen last, for a restricted token', () => {
  it.each(['/v1/stats/recent', '/stats/recent'])(
    'cannot be found again in another answer: %s',
    async (url) => {
      const app = await openAs('restricted', SIX);
      const answers = [await rowsOf(app, url), await rowsOf(app, url)];
      const [first = [], second = []] = answers.map((rows) =>
        rows.map((row) => JSON.stringify({ ...row, anonymous_id: undefined })),
      );
      expect(first).toHaveLength(6);
      // Nobody is told apart by anything that stays from one answer to the next.
      const found = first.filter((row) => second.filter((other) => other === row).length < 5);
      expect(found).toEqual([]);
      const masks = answers.flat().map(({ anonymous_id: mask }) => mask);
      expect(new Set(masks).size).toBe(12);
      for (const row of answers.flat()) {
        expect(row).toMatchObject({
          anonymous_id: expect.stringMatching(/^[0-9a-f]{8}\*{4}$/) as string,
          first_seen: expect.stringMatching(/^\d{4}-\d{2}-\d{2}$/) as string,
          last_seen: expect.stringMatching(/^\d{4}-\d{2}-\d{2}$/) as string,
        });
      }
    },
  );

  it('are said to be coarse, and no row says anything false', async () => {
    const app = await openAs('restricted', SIX);
    const { coarse } = (await app.inject('/v1/stats/recent')).json<{ coarse: object }>();
    expect(coarse).toMatchObject({
      people: 5,
      note: expect.stringContaining('at least') as string,
    });
    const exact = await rowsOf(await openAs('administrator', SIX), '/v1/stats/recent');
    const rows = await rowsOf(app, '/v1/stats/recent');
    const day = (row: Record<string, unknown>, name: string) => String(row[name]).slice(0, 10);
    // "On this day or later" and "at least so many" are true of each of them.
    for (const row of rows) {
      for (const one of exact) {
        expect(day(row, 'first_seen') <= day(one, 'first_seen')).toBe(true);
        expect(day(row, 'last_seen') <= day(one, 'last_seen')).toBe(true);
        expect(Number(row['total_reports'])).toBeLessThanOrEqual(Number(one['total_reports']));
      }
    }
    // The first generation's shape stays; a header says it there, and in rows alone.
    const old = await app.inject('/stats/recent');
    expect(Object.keys(old.json<object>())).toEqual(['users']);
    const csv = await app.inject('/v1/stats/recent?format=csv');
    for (const { headers } of [old, csv]) {
      expect(headers['headcount-coarse']).toBe('groups of 5: lower bounds');
    }
    const all = await (await openAs('administrator', SIX)).inject('/v1/stats/recent');
    expect([all.json(), all.headers['headcount-coarse']]).toEqual([
      { users: exact.map(() => expect.any(Object) as object) },
      undefined,
    ]);
  });

  it('are exact for the administrator', async () => {
    const app = await openAs('administrator', SIX);
    const rows = await rowsOf(app, '/v1/stats/recent');
    expect(rows).toHaveLength(6);
    expect(new Set(rows.map(({ version }) => version)).size).toBe(6);
    expect(rows[0]).toMatchObject({ last_seen: expect.stringContaining('T') as string });
  });
});

describe('a cohort of fewer than five people', () => {
  const visits = (people: number, first: number): CountedReport[] =>
    Array.from({ length: people }, (_, n) =>
      [first, first - 1].map((back) =>
        countedReport({ user: `${first} ${n}`, day: TODAY - back, at: noon(TODAY - back) }),
      ),
    ).flat();
  const url = '/v1/stats/retention?interval=day&project=acme';

  it('is not followed over time for a restricted token, and larger ones are', async () => {
    const reports = [...visits(4, 10), ...visits(5, 20)];
    for (const [level, small] of [
      ['restricted', [4, null]],
      ['administrator', [4, 4]],
    ] as const) {
      const rows = await rowsOf(await openAs(level, reports), url);
      const trail = (size: number): unknown[] =>
        rows
          .filter((row) => row['size'] === size)
          .slice(0, 2)
          .map(({ people }) => people);
      expect([trail(4), trail(5)]).toEqual([small, [5, 5]]);
    }
  });
});

describe('small groups of people', () => {
  const people = (count: number, version: string, day = TODAY): CountedReport[] =>
    Array.from({ length: count }, (_, n) =>
      countedReport({ user: `${version} ${n}`, version, day, at: noon(day), madeAt: noon(day) }),
    );
  const QUESTIONS = [
    ['/v1/stats/breakdown?project=acme&dimension=version&window=1d', 'value', 'count'],
    [`/v1/stats/breakdown?project=acme&dimension=version&to=${dateOfDay(TODAY)}`, 'value', 'count'],
    ['/v1/stats/timeseries?project=acme&group_by=version', 'group', 'value'],
    ['/v1/stats/timeseries?project=acme&group_by=version&window=7d', 'group', 'value'],
    ['/v1/stats/adoption?project=acme&window=1d', 'value', 'people'],
    ['/v1/stats/adoption?project=acme', 'value', 'people'],
  ] as const;
  /** The last figure of each value that is not 0. */
  const figures = async (
    level: Level,
    reports: readonly CountedReport[],
    [url, name, n]: readonly [string, string, string],
  ): Promise<Record<string, unknown>> => {
    const rows = await rowsOf(await openAs(level, reports), url);
    return Object.fromEntries(
      rows.filter((row) => row[n] !== 0).map((row) => [String(row[name]), row[n]] as const),
    );
  };

  it.each(QUESTIONS)(
    'are part of other below the administrator’s level: %s',
    async (...question) => {
      const reports = [...people(30, '1.0.0'), ...people(8, '2.0.0'), ...people(3, '3.0.0')];
      const small = { '1.0.0': 30, '2.0.0': 8, '3.0.0': 3 };
      const joined = { '1.0.0': 30, '2.0.0': 8, other: 3 };
      for (const [level, expected] of [
        ['restricted', joined],
        ['developer', joined],
        ['administrator', small],
      ] as const) {
        expect(await figures(level, reports, question)).toEqual(expected);
      }
      const { merged } = (await (await openAs('restricted', reports)).inject(question[0])).json<{
        merged?: object;
      }>();
      expect(merged).toMatchObject({ below: 5, at_least: [] });
    },
  );

  it.each(QUESTIONS)('cannot be followed from day to day: %s', async (...question) => {
    const six = Array.from({ length: 6 }, (_, n) => people(1, `${n}.0.0`)).flat();
    expect(await figures('restricted', six, question)).toEqual({ other: 6 });
  });

  it.each([
    // The summary has no days: whether anybody still has a version can be asked there.
    ['/v1/stats/summary?project=acme', /"version_distribution":\{"1.0.0":6,"3.0.0":1\}/],
    ['/v1/stats/breakdown?project=acme&dimension=version', /"value":"3.0.0","count":1/],
    // How sure a count is stands beside every count.
    ['/v1/stats/breakdown?project=acme&dimension=certainty', /"value":"certain","count":7/],
    // Reports are not people.
    ['/v1/stats/breakdown?project=acme&dimension=event', /"unit":"reports"/],
    // Totals are exact at every level.
    ['/v1/stats/timeseries?project=acme&window=7d', /"value":7/],
  ])('are shown where they follow nobody: %s', async (url, expected) => {
    const reports = [...people(6, '1.0.0'), ...people(1, '3.0.0')];
    const { body } = await (await openAs('restricted', reports)).inject(url);
    expect(body).toMatch(expected);
    expect(body).not.toContain('"merged"');
  });
});
