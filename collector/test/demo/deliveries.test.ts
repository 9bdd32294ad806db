import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from 'vitest';
import { manifestOf } from '../../../src/manifest/manifest-of.js';
import { isRecord } from '../../src/is-record.js';
import { ADMIN_TOKEN } from '../support/admin-token.js';
import { copyDemoData, DEMO_END, importDeliveries } from '../support/demo-data.js';
import { startCollector } from '../support/start-collector.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const PEOPLE = 600;
const OPTIONS = { project: 'acme-cli', people: PEOPLE, days: 90, end: DEMO_END };

interface Counted {
  /** The people of each day that count, by its date. */
  readonly byDate: ReadonlyMap<string, ReadonlySet<string>>;
  readonly reports: number;
}

/** Counts what is sent by hand: whole reports, each once, on the day that they say. */
async function count(): Promise<Counted> {
  const { deliveriesByDay } = await importDeliveries();
  const byDate = new Map<string, Set<string>>();
  const known = new Set<string>();
  for (const { deliveries } of deliveriesByDay(OPTIONS)) {
    for (const { receivedAt, reports } of deliveries) {
      for (const report of reports) {
        if (!isRecord(report) || !isRecord(report['info'])) continue;
        const { anonymous_id: id, report_id: key, timestamp, info } = report;
        if (typeof id !== 'string' || id === '' || typeof key !== 'string') continue;
        const said = Date.parse(String(timestamp));
        if (receivedAt - said > 40 * 86_400_000 || known.has(key)) continue;
        known.add(key);
        if (info['ci'] !== null) continue;
        // A clock that is days ahead: the day of receipt counts.
        const at = said > receivedAt ? receivedAt : said;
        const date = new Date(at).toISOString().slice(0, 10);
        byDate.set(date, (byDate.get(date) ?? new Set()).add(id));
      }
    }
  }
  return { byDate, reports: known.size };
}

describe('invented people', () => {
  it('are the same for the same seed, and others for another', async () => {
    const { deliveriesByDay } = await importDeliveries();
    const all = (seed: number) => [...deliveriesByDay({ ...OPTIONS, people: 60, seed })];
    expect(isDeepStrictEqual(all(7), all(7))).toBe(true);
    expect(isDeepStrictEqual(all(7), all(8))).toBe(false);
  });

  it('are as many as asked for, and nothing is received after the end', async () => {
    const { byDate } = await count();
    expect(new Set([...byDate.values()].flatMap((ids) => [...ids])).size).toBe(PEOPLE);
    const { deliveriesByDay } = await importDeliveries();
    const days = [...deliveriesByDay(OPTIONS)];
    const moments = days.flatMap(({ deliveries }) => deliveries.map((one) => one.receivedAt));
    expect(moments).toEqual(moments.toSorted((a, b) => a - b));
    expect(moments.at(-1)).toBeLessThan(DEMO_END.getTime());
  });

  it(
    'are counted by a collector as by hand, and marked as invented',
    { timeout: 120_000 },
    async () => {
      const data = temporaryFolder();
      await copyDemoData(data, { people: PEOPLE });
      const collector = await startCollector({
        data,
        now: () => DEMO_END,
        adminToken: ADMIN_TOKEN,
      });
      const { byDate, reports } = await count();
      const { body } = await collector.get('/v1/stats/summary?project=acme-cli');
      expect(body).toMatchObject({ total_users: PEOPLE, total_reports: reports, invented: true });
      const from = '2026-08-28';
      const series = await collector.get(`/v1/stats/timeseries?project=acme-cli&from=${from}`);
      const rows = series.body['rows'] as { date: string; value: number }[];
      expect(rows).toHaveLength(90);
      expect(rows.map(({ date, value }) => [date, value])).toEqual(
        rows.map(({ date }) => [date, byDate.get(date)?.size ?? 0]),
      );
      const stranger = await collector.stranger('/v1/stats/summary?project=acme-cli');
      expect(stranger.body).toMatchObject({ invented: true });
    },
  );

  it('are of a program whose manifest is as the client writes it', async () => {
    const data = temporaryFolder();
    await copyDemoData(data, { people: PEOPLE });
    const collector = await startCollector({ data, now: () => DEMO_END, adminToken: ADMIN_TOKEN });
    const headers = { authorization: `Bearer ${ADMIN_TOKEN}` };
    const { body } = await collector.get('/v1/projects/acme-cli/manifest', headers);
    const { events } = body as { events: Parameters<typeof manifestOf>[1] };
    expect(body).toEqual(manifestOf('acme-cli', events));
    const quality = await collector.get('/v1/stats/quality?project=acme-cli&from=2026-08-28');
    expect(quality.body).toMatchObject({
      ...{ undeclared_events: 0, undeclared_fields: 0, undeclared_values: 0 },
      ...{ values_unexpected: 0, unknown_fields: 0 },
    });
  });
});
