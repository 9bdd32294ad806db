import { statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { withToken } from '../support/admin-token.js';
import { fullReport } from '../support/reports.js';
import { NOW, startCollector, type TestCollector } from '../support/start-collector.js';
import { addTestPage, pageOf, type ShownPage } from '../support/test-page.js';

const ROUNDS = 200;

const OF_PROJECT = 'project=acme-cli';

const QUESTIONS = [
  `/v1/stats/summary?${OF_PROJECT}`,
  `/v1/stats/breakdown?${OF_PROJECT}&dimension=os`,
  `/v1/stats/timeseries?${OF_PROJECT}&from=2026-11-22`,
  `/v1/stats/quality?${OF_PROJECT}`,
  '/v1/stats/projects',
  `/v1/stats/growth?${OF_PROJECT}`,
  `/v1/stats/silence?${OF_PROJECT}`,
];

/** Sends reports of new people one after the other, until it is told to end. */
function write(collector: TestCollector) {
  let isOver = false;
  let written = 0;
  const writing = (async () => {
    while (!isOver) {
      const anonymous_id = (0x9000_0000_0000 + written).toString(16).padStart(16, '0');
      const { status } = await collector.post('/v1/reports', fullReport({ anonymous_id }));
      if (status === 202) written++;
    }
  })();
  return {
    written: () => written,
    end: async () => {
      isOver = true;
      await writing;
    },
  };
}

const bodiesOf = ({ answers }: ShownPage): Record<string, unknown>[] =>
  answers.map((answer) => {
    if (!answer.ok) throw new Error(JSON.stringify(answer));
    return answer.body as Record<string, unknown>;
  });

it('all figures of a page are of one state while reports come', { timeout: 120_000 }, async () => {
  const startedMs = performance.now();
  const now = (): Date => new Date(NOW.getTime() + performance.now() - startedMs);
  const collector = await startCollector({ now });
  addTestPage(collector);
  await collector.post('/v1/reports', fullReport());
  const writer = write(collector);
  const totals = new Set<unknown>();
  try {
    for (let round = 0; round < ROUNDS; round++) {
      const known = writer.written() + 1;
      const page = await collector.app.inject({ url: pageOf(...QUESTIONS), headers: withToken() });
      const shown = page.json<ShownPage>();
      const [summary = {}, breakdown = {}, series = {}, quality = {}, projects = {}] =
        bodiesOf(shown);
      const people = Number(summary['total_users']);
      totals.add(people);
      // Every report that was acknowledged before is in it.
      expect(people).toBeGreaterThanOrEqual(known);
      const rows = (answer: Record<string, unknown>) =>
        answer['rows'] as Readonly<Record<string, number>>[];
      const sum = rows(breakdown).reduce((all, row) => all + (row['count'] ?? 0), 0);
      expect({ sum, total: breakdown['total'] }).toEqual({ sum: people, total: people });
      expect(rows(series).at(-1)?.['value']).toBe(people);
      expect(rows(projects)).toMatchObject([{ total_users: people, total_reports: people }]);
      expect(quality).toMatchObject({ accepted: people });
      const moments = bodiesOf(shown).flatMap((body) => ('as_of' in body ? [body['as_of']] : []));
      expect(moments.length).toBeGreaterThan(4);
      expect(new Set(moments)).toEqual(new Set([shown.asOf]));
    }
  } finally {
    await writer.end();
  }
  // Else nothing was counted meanwhile.
  expect(totals.size).toBeGreaterThan(ROUNDS / 4);
  // A state that was not given back would keep the log growing: to some 200 MiB in these rounds.
  expect(statSync(join(collector.data, 'counts.db-wal')).size).toBeLessThan(64 * 1024 ** 2);
});
