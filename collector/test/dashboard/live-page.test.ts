import { describe, expect, it } from 'vitest';
import { withToken } from '../support/admin-token.js';
import { reportVisits } from '../support/report-visits.js';
import { startCollector, type TestCollector } from '../support/start-collector.js';

const PAGE = { ...withToken(), accept: 'application/vnd.headcount.page+json' };
const HTML = { ...withToken(), accept: 'text/html' };
const PATH = '/p/acme-cli/live';

interface Person {
  readonly mask: string;
  readonly lastSeen: string;
  readonly reports: number;
}

interface LiveBody {
  readonly activeToday: number;
  readonly people: number;
  readonly totalReports: number;
  readonly recent: readonly Person[];
  readonly groupsOf: number | null;
}

/** Ada and Bob use it today, which is 22 November 2026; Eve did the day before. */
async function seed(): Promise<TestCollector> {
  const collector = await startCollector();
  await reportVisits(collector, [
    { user: 'eve', at: '2026-11-21' },
    { user: 'bob', at: '2026-11-22' },
    { user: 'ada', at: '2026-11-22' },
  ]);
  return collector;
}

const contentOf = async (
  collector: TestCollector,
  headers: Record<string, string> = PAGE,
): Promise<LiveBody> => (await collector.get(PATH, headers)).body['content'] as LiveBody;

describe('the live page', () => {
  it('shows the figures of the API: who is active today, and who was seen last', async () => {
    const collector = await seed();
    const live = await contentOf(collector);
    expect(live).toMatchObject({ activeToday: 2, people: 3, totalReports: 3, groupsOf: null });
    const summary = (await collector.get('/v1/stats/summary?project=acme-cli')).body;
    expect(live.activeToday).toBe(summary['daily_active_users']);
    const recent = (await collector.get('/v1/stats/recent?project=acme-cli')).body['users'];
    expect(live.recent.map(({ lastSeen, reports }) => ({ lastSeen, reports }))).toEqual(
      (recent as { last_seen: string; total_reports: number }[]).map((user) => ({
        lastSeen: user.last_seen,
        reports: user.total_reports,
      })),
    );
  });

  it('never shows whom it is about', async () => {
    const collector = await seed();
    const [first, second] = [await contentOf(collector), await contentOf(collector)];
    for (const { mask } of first.recent) expect(mask).toMatch(/^[0-9a-f]{8}\*{4}$/);
    expect(first.recent.map(({ mask }) => mask)).not.toEqual(second.recent.map(({ mask }) => mask));
  });

  it('works without script: it has the state as of now, and the way to look again', async () => {
    const collector = await seed();
    const { text, status } = await collector.get(`${PATH}?lang=en`, HTML);
    expect(status).toBe(200);
    expect(text).toMatch(/<b>2<\/b> <span>people active today so far/);
    expect(text).toMatch(/<a class="btn" href="\/p\/acme-cli\/live\?lang=en">Look again<\/a>/);
    const chinese = await collector.get(`${PATH}?lang=zh`, HTML);
    expect(chinese.text).toContain('人今天使用过');
  });

  it('shows people in groups below the administrator’s level, and says so', async () => {
    const collector = await seed();
    const made = await collector.post('/v1/tokens', { level: 'restricted' }, withToken());
    const token = withToken(String(made.body['token']));
    const live = await contentOf(collector, { ...PAGE, ...token });
    expect(live.groupsOf).toBeGreaterThan(1);
    for (const { lastSeen } of live.recent) expect(lastSeen).toMatch(/^\d{4}-\d\d-\d\d$/);
    const { text } = await collector.get(`${PATH}?lang=en`, { ...HTML, ...token });
    expect(text).toContain('or later');
    expect(text).toContain(`groups of at least ${live.groupsOf}`);
  });

  it('is not for the public', async () => {
    const collector = await seed();
    expect(await collector.stranger(PATH, { accept: 'text/html' })).toMatchObject({ status: 401 });
  });
});
