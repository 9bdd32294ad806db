import { describe, expect, it } from 'vitest';
import { withToken } from '../support/admin-token.js';
import { fullReport, reportId } from '../support/reports.js';
import { NOW, startCollector, type TestCollector } from '../support/start-collector.js';

const PAGE = { ...withToken(), accept: 'application/vnd.headcount.page+json' };
const HTML = { ...withToken(), accept: 'text/html' };
const PATH = '/p/acme-cli/quality';

const DAY_MS = 86_400_000;

interface Counts {
  readonly kinds: Readonly<Record<string, number>>;
  readonly refused: Readonly<Record<string, number>>;
}

interface QualityBody {
  readonly from: string;
  readonly to: string;
  readonly totals: Counts;
  readonly parts: readonly (Counts & { from: string; to: string; complete: boolean })[];
  readonly daysOfPart: number;
  readonly lost: number;
  readonly certainty: Readonly<Record<string, unknown>>;
}

/** Two reports on the day before, one of them late and twice; today one more, and one that is refused. */
async function seed(): Promise<TestCollector> {
  let now = new Date(NOW.getTime() - DAY_MS);
  const collector = await startCollector({ now: () => now });
  const lateAt = NOW.getTime() - 3 * DAY_MS;
  const late = fullReport({
    timestamp: new Date(lateAt).toISOString(),
    report_id: reportId(lateAt),
    lost_total: 4,
  });
  const post = async (reports: readonly unknown[]): Promise<unknown> =>
    collector.post('/v1/reports', { sent_at: now.toISOString(), reports });
  await post([fullReport({ timestamp: now.toISOString() }), late, late]);
  now = NOW;
  await post([
    fullReport({ timestamp: now.toISOString() }),
    { ...fullReport(), anonymous_id: undefined },
  ]);
  return collector;
}

const contentOf = async (collector: TestCollector, query = '?range=7d'): Promise<QualityBody> =>
  (await collector.get(`${PATH}${query}`, PAGE)).body['content'] as QualityBody;

describe('the page on quality', () => {
  it('shows what became of the reports, as the API counts it', async () => {
    const collector = await seed();
    const quality = await contentOf(collector);
    expect(quality).toMatchObject({
      from: '2026-11-16',
      to: '2026-11-22',
      totals: {
        kinds: { accepted: 3, duplicates: 1, late: 1 },
        refused: { missing_field: 1 },
      },
      lost: 4,
      certainty: { total: 1, certain: 1, likely: 0, ephemeral: 0, coverage: null },
    });
    const asked = await collector.get(
      '/v1/stats/quality?project=acme-cli&from=2026-11-16&to=2026-11-22',
    );
    for (const [kind, n] of Object.entries(quality.totals.kinds)) {
      expect(asked.body[kind], kind).toBe(n);
    }
    expect(asked.body['rejected']).toEqual(quality.totals.refused);
  });

  it('shows each day of receipt, the last one as running', async () => {
    const { parts, daysOfPart } = await contentOf(await seed());
    expect(daysOfPart).toBe(1);
    expect(parts.map(({ from, kinds, complete }) => [from, kinds['accepted'], complete])).toEqual([
      ...[16, 17, 18, 19, 20].map((day) => [`2026-11-${day}`, 0, true]),
      ['2026-11-21', 2, true],
      ['2026-11-22', 1, false],
    ]);
  });

  it.each([
    ['90d', 7],
    ['12m', 7],
  ])('adds up to the same over %s, by parts of %i days', async (range, days) => {
    const { parts, totals, daysOfPart } = await contentOf(await seed(), `?range=${range}`);
    expect(daysOfPart).toBe(days);
    expect(parts.length).toBeLessThan(60);
    for (const [kind, n] of Object.entries(totals.kinds)) {
      expect(
        parts.reduce((sum, { kinds }) => sum + (kinds[kind] ?? 0), 0),
        kind,
      ).toBe(n);
    }
  });

  it('says in plain words what each kind and reason means, and that days are of UTC', async () => {
    const collector = await seed();
    const { text } = await collector.get(`${PATH}?range=7d&lang=en`, HTML);
    expect(text).toContain('Sent again, since an answer was lost; counted once.');
    expect(text).toContain('A required field is missing. Look at what the client sends.');
    expect(text).toContain('by UTC');
    const chinese = await collector.get(`${PATH}?range=7d&lang=zh`, HTML);
    expect(chinese.text).toContain('缺少必填字段');
  });

  it('gives CSV files of what it shows', async () => {
    const collector = await seed();
    const csvOf = async (id: string): Promise<string[]> =>
      (await collector.get(`${PATH}?range=7d&csv=${id}`, HTML)).text.trim().split('\r\n');
    expect(await csvOf('reports-over-time')).toEqual([
      'from,to,counted_in_time,late,duplicates,rejected,not_counted',
      ...[16, 17, 18, 19, 20].map((day) => `2026-11-${day},2026-11-${day},0,0,0,0,0`),
      '2026-11-21,2026-11-21,1,1,1,0,0',
      '2026-11-22,2026-11-22,1,0,0,1,0',
    ]);
    expect(await csvOf('refused')).toEqual(['code,reports,share', 'missing_field,1,1']);
    const reports = await csvOf('reports');
    expect(reports).toContain('accepted,3,0.6');
    expect(reports).toContain('rejected,1,0.2');
  });

  it('is for developers, since its figures are', async () => {
    const collector = await seed();
    expect(await collector.stranger(PATH, { accept: 'text/html' })).toMatchObject({ status: 401 });
    const statusOf = async (level: string): Promise<number> => {
      const made = await collector.post('/v1/tokens', { level, project: 'acme-cli' }, withToken());
      const token = withToken(String(made.body['token']));
      return (await collector.get(PATH, { ...PAGE, ...token })).status;
    };
    expect(await statusOf('restricted')).toBe(403);
    expect(await statusOf('developer')).toBe(200);
  });
});
