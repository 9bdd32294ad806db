import { expect, it } from 'vitest';
import { createCountsV2 } from '../support/counts-v2.js';
import { fullReport } from '../support/reports.js';
import { startCollector } from '../support/start-collector.js';
import { temporaryFolder } from '../support/temporary-folder.js';

it('what was counted before schema 3 is told as far as it was kept, and from then on all is', async () => {
  const data = temporaryFolder();
  createCountsV2(data);
  const collector = await startCollector({ data });
  const rowsOf = async (question: string) => {
    const { body } = await collector.get(`/v1/stats/${question}`);
    return body['rows'] as Record<string, number | string>[];
  };
  const sumOf = async (question: string): Promise<number> =>
    (await rowsOf(question)).reduce((sum, { value }) => sum + Number(value), 0);
  const days = 'timeseries?project=acme-cli&from=2026-10-01&to=2026-11-22';

  expect((await collector.get('/v1/stats/summary')).body).toMatchObject({ total_reports: 34 });
  expect(await sumOf(days)).toBeGreaterThan(20);
  expect(await sumOf(`${days}&metric=new`)).toBe(13);
  expect(await sumOf(`${days}&group_by=version`)).toBe(await sumOf(days));
  expect(new Set((await rowsOf(`${days}&group_by=arch`)).map(({ group }) => group))).toEqual(
    new Set(['unknown']),
  );
  expect(await sumOf(`${days}&metric=reports`)).toBe(0);
  expect(await rowsOf('breakdown?dimension=event')).toEqual([]);

  await collector.post('/v1/reports', fullReport());
  expect(await sumOf(`${days}&metric=reports`)).toBe(1);
  expect(await rowsOf('breakdown?dimension=event')).toMatchObject([{ count: 1, share: 1 }]);
});
