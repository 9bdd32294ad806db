import { describe, expect, it } from 'vitest';
import { dateOfDay, dayOfDate } from '../../src/rules/day.js';
import { withToken } from '../support/admin-token.js';
import { createCountsV2 } from '../support/counts-v2.js';
import { createCountsV4, NOW_V4 } from '../support/counts-v4.js';
import { reportVisits } from '../support/report-visits.js';
import { startCollector, type TestCollector } from '../support/start-collector.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const dayOf = (date: unknown): number => dayOfDate(String(date)) ?? NaN;

/** Every person's first day and days, as the export has them. */
async function peopleOf(collector: TestCollector, project: string): Promise<number[][]> {
  const rowsOf = async (what: string): Promise<Record<string, unknown>[]> => {
    const url = `/v1/export?what=${what}&project=${project}`;
    const { text } = await collector.get(url, withToken());
    return text
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  };
  const days = await rowsOf('days');
  return (await rowsOf('users'))
    .filter(({ ci }) => ci === false)
    .map(({ uid, first_day }) => [
      dayOf(first_day),
      ...days.filter((day) => day['uid'] === uid).map(({ date }) => dayOf(date)),
    ]);
}

function ageOf(day: number, firstDay: number): string {
  if (day - firstDay < 7) return 'week_1';
  if (day - firstDay < 28) return 'weeks_2_4';
  return day - firstDay < 168 ? 'weeks_5_24' : 'older';
}

describe('counts of a release without ages', () => {
  const ageRows = async (collector: TestCollector, query: string) =>
    (await collector.get(`/v1/stats/timeseries?group_by=age&${query}`, withToken())).body;

  it.each([
    ['2', createCountsV2, new Date('2026-11-22T12:00:00Z'), 'acme-cli'],
    ['4', createCountsV4, NOW_V4, 'acme-cli'],
    ['4', createCountsV4, NOW_V4, 'other'],
  ] as const)(
    'of schema %s have those of all days that are kept',
    async (_, create, at, project) => {
      const data = temporaryFolder();
      create(data);
      const collector = await startCollector({ data, now: () => at });
      const people = await peopleOf(collector, project);
      expect(people.flat().length).toBeGreaterThan(1);
      const to = dateOfDay(Math.floor(at.getTime() / 86_400_000));
      const from = dateOfDay(dayOf(to) - 80);
      for (const length of [1, 7, 28]) {
        const query = `project=${project}&from=${from}&to=${to}&window=${length}d`;
        const rows = (await ageRows(collector, query))['rows'] as Record<string, unknown>[];
        const told = rows.map(
          ({ date, group, value }) => `${String(date)} ${String(group)} ${String(value)}`,
        );
        const expected: string[] = [];
        for (let day = dayOf(from); day <= dayOf(to); day++) {
          for (const age of ['week_1', 'weeks_2_4', 'weeks_5_24', 'older']) {
            const n = people.filter(([first = 0, ...days]) =>
              days.some((one) => one <= day && one > day - length && ageOf(one, first) === age),
            ).length;
            if (n > 0) expected.push(`${dateOfDay(day)} ${age} ${n}`);
          }
        }
        expect(told.filter((row) => !row.endsWith(' 0')).sort()).toEqual(expected.sort());
      }
    },
  );

  it('say since when all days are known, and count whoever comes back from the first day on', async () => {
    const data = temporaryFolder();
    createCountsV4(data);
    let now = NOW_V4;
    const collector = await startCollector({ data, now: () => now });
    const first = dateOfDay(dayOf('2026-11-18') - 399);
    const before = dateOfDay(dayOf(first) - 1);
    const since = async (query: string) => (await ageRows(collector, query))['people_since'];
    expect(await since(`from=${before}&to=2025-12-01`)).toBe(first);
    expect(await since(`from=${first}&to=2025-12-01`)).toBeUndefined();
    // The window of the first day begins before.
    expect(await since(`from=${first}&to=2025-12-01&window=7d`)).toBe(first);
    const byAge = `/v1/stats/breakdown?dimension=age&project=acme-cli&window=7d`;
    const far = await collector.get(`${byAge}&to=${first}`, withToken());
    expect(far.body).toMatchObject({ people_since: first });
    const adoption = `/v1/stats/adoption?dimension=age&from=${first}&to=2025-12-01`;
    expect((await collector.get(adoption, withToken())).body).toMatchObject({
      people_since: first,
    });
    const other = `/v1/stats/timeseries?group_by=os&from=${before}&to=2025-12-01`;
    expect((await collector.get(other, withToken())).body).not.toHaveProperty('people_since');

    // Ada came on the 15th.
    now = new Date('2026-11-22T20:00:00Z');
    await reportVisits(collector, [{ user: 'ada', at: '2026-11-22' }]);
    const { body } = await collector.get(
      `${byAge}&window=1d`.replace('&window=7d', ''),
      withToken(),
    );
    expect(body).toMatchObject({ rows: [{ value: 'weeks_2_4', count: 1 }] });
    expect(body).not.toHaveProperty('people_since');
  });

  it('of schema 2 say that fewer days were kept', async () => {
    const data = temporaryFolder();
    createCountsV2(data);
    const collector = await startCollector({ data, now: () => new Date('2026-11-22T12:00:00Z') });
    // 64 days up to the first start with schema 3, and one less for zones east of Greenwich.
    const first = dateOfDay(dayOf('2026-11-22') - 62);
    const query = (date: string) => ageRows(collector, `from=${date}&to=2026-11-22`);
    expect((await query('2026-09-01'))['people_since']).toBe(first);
    expect(await query(first)).not.toHaveProperty('people_since');
  });

  it('of a new folder have no such day', async () => {
    const collector = await startCollector();
    expect(await ageRows(collector, 'from=2025-11-01&to=2025-12-01')).not.toHaveProperty(
      'people_since',
    );
  });
});
