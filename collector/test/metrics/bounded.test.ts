import { join } from 'node:path';
import { expect, it } from 'vitest';
import { USER_DIMENSIONS } from '../../src/rules/dimensions.js';
import { openPepper } from '../../src/privacy/pepper.js';
import { openCountsWriter } from '../../src/store/sqlite/counts-writer.js';
import { countedReport, DAY_MS } from '../support/counted-report.js';
import { scrape, valuesOf } from '../support/read-metrics.js';
import { NOW, startCollector, type TestCollector } from '../support/start-collector.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { until } from '../support/until.js';

const PROJECTS = 500;
const FIELDS = 12;
const TODAY = Math.floor(NOW.getTime() / DAY_MS);

/** Many projects with many fields; project `p0` has most people, and more versions than 80 %. */
async function seed(data: string): Promise<void> {
  openPepper(join(data, 'pepper'), true);
  const writer = openCountsWriter(join(data, 'counts.db'), 0);
  const seen = { day: TODAY, at: TODAY * DAY_MS, madeAt: TODAY * DAY_MS, receivedDay: TODAY };
  const reports = Array.from({ length: PROJECTS }, (_, n) =>
    Array.from({ length: n === 0 ? 900 : n === 7 ? 601 : 1 + (n % 3) }, (_, person) =>
      countedReport({
        ...{ project: `p${n}`, user: `u${person}`, ...seen },
        ...(n === 0 && { version: `1.${person}.0` }),
        event: `event-of-${n}`,
        fields: Object.fromEntries(
          Array.from({ length: FIELDS }, (_, field) => [`field-${field}`, `value-${field}`]),
        ),
      }),
    ),
  ).flat();
  await writer.apply({
    ...{ journalId: 'seed', after: 0, upTo: reports.length, reports, deletions: [] },
    appliedAt: NOW.getTime(),
  });
  await writer.close();
}

it('names 50 projects, adds up the others, and folds the fields of events', async () => {
  const data = temporaryFolder();
  await seed(data);
  let ms = 0;
  const collector = await startCollector({ data, monotonicMs: () => (ms += 10_000) });
  const metrics = await scrape(collector);

  const users = valuesOf(metrics, 'users', 'project');
  expect(Object.keys(users)).toHaveLength(51);
  const [first, second] = Object.keys(users);
  expect([first, second, users['p0'], users['p7']]).toEqual(['p0', 'p7', 900, 601]);
  const all = Object.values(users).reduce((sum, n) => sum + n, 0);
  const { body } = await collector.get('/v1/stats/summary');
  expect(all).toBe(body['total_users']);

  const labels = new Map<string, Set<string>>();
  for (const sample of metrics) {
    for (const [label, value] of Object.entries(sample.labels)) {
      labels.set(label, (labels.get(label) ?? new Set()).add(value));
    }
  }
  expect(labels.get('project')?.size).toBe(51);
  expect([...(labels.get('dimension') ?? [])].sort()).toEqual(
    [...USER_DIMENSIONS, 'event', 'field'].sort(),
  );
  expect(metrics.length).toBeLessThan(2000);

  // The dimension that is over 80 % full, and the day with 601 new people, as /health tells them.
  const ratio = valuesOf(metrics, 'dimension_fill_ratio', 'project', 'dimension');
  expect([ratio['p0 version'], ratio['p0 field'], ratio['other event']]).toEqual([
    0.9, 0.001, 0.001,
  ]);
  const unusual = valuesOf(metrics, 'unusual_dates', 'project');
  expect([unusual['p0'], unusual['p7'], unusual['other']]).toEqual([1, 1, 0]);
  expect(valuesOf(metrics, 'last_unusual_date_timestamp_seconds', 'project')).toEqual({
    ...{ p0: (TODAY * DAY_MS) / 1000, p7: (TODAY * DAY_MS) / 1000 },
  });
  const date = new Date(TODAY * DAY_MS).toISOString().slice(0, 10);
  await until('the watch has looked', async () => {
    return (await unusualHealth(collector)).state === 'warning';
  });
  expect(await unusualHealth(collector)).toMatchObject({
    days: [
      { project: 'p7', date, new_users: 601 },
      { project: 'p0', date, new_users: 900 },
    ],
  });
  expect(valuesOf(await scrape(collector), 'warning', 'warning')).toMatchObject({ unusual: 1 });
});

async function unusualHealth(collector: TestCollector): Promise<{ readonly state: string }> {
  const { warnings } = (await collector.get('/health')).body;
  return (warnings as { unusual: { state: string } }).unusual;
}
