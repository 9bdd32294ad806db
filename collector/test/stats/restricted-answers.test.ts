import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { fastify } from 'fastify';
import { describe, expect, it, onTestFinished } from 'vitest';
import { PUBLIC } from '../../src/access/caller.js';
import type { Level } from '../../src/access/level.js';
import type { App } from '../../src/app-types.js';
import type { CountedReport } from '../../src/rules/counted-report.js';
import { createAnswering, type PosedQuestion } from '../../src/stats/answer-question.js';
import type { Written } from '../../src/stats/answer.js';
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
      answer: async (posed: PosedQuestion): Promise<Written> => {
        const result = await answer(posed);
        if (result.kind === 'answer') return result;
        throw new Error(result.detail);
      },
    },
    clientOf: () => undefined,
    counting: { caughtUp: () => Promise.resolve(NOW), version: '1' },
    projects: { zoneOf: () => 'UTC' },
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
