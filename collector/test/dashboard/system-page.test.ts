import { rm } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { withToken } from '../support/admin-token.js';
import { fullReport } from '../support/reports.js';
import { startCollector, type TestCollector } from '../support/start-collector.js';

const PAGE = { ...withToken(), accept: 'application/vnd.headcount.page+json' };
const HTML = { ...withToken(), accept: 'text/html' };
const PATH = '/p/acme-cli/system';

interface Line {
  readonly time: string;
  readonly level: string;
  readonly source: string;
  readonly message: string;
}

interface Logs {
  readonly filter: Readonly<Record<string, unknown>>;
  readonly lines: readonly Line[];
  readonly next: string | null;
  readonly problem: string | null;
  readonly counts: {
    readonly levels: Readonly<Record<string, number>>;
    readonly bars: readonly { readonly levels: Readonly<Record<string, number>> }[];
  };
}

interface SystemBody {
  readonly health: {
    readonly isHealthy: boolean;
    readonly parts: readonly { readonly name: string; readonly state: string }[];
    readonly version: string | null;
  };
  readonly machine: unknown;
  readonly jobs: readonly { readonly name: string; readonly state: string }[] | null;
  readonly backup: unknown;
  readonly performance: readonly { readonly start: string }[] | null;
  readonly logs: Logs | null;
}

/** The log is of the machine's own time, since lines are written to files by it. */
async function seed(): Promise<TestCollector> {
  const collector = await startCollector({ now: () => new Date() });
  await collector.post('/v1/reports', fullReport({ timestamp: new Date().toISOString() }));
  return collector;
}

const contentOf = async (
  collector: TestCollector,
  query = '',
  headers: Record<string, string> = PAGE,
): Promise<SystemBody> =>
  (await collector.get(`${PATH}${query}`, headers)).body['content'] as SystemBody;

const logsOf = async (collector: TestCollector, query = ''): Promise<Logs> => {
  const { logs } = await contentOf(collector, query);
  if (logs === null) throw new Error('The page has no logs.');
  return logs;
};

describe('the page on the collector itself', () => {
  it('shows every part of GET /health, with its state', async () => {
    const collector = await seed();
    const { health, machine } = await contentOf(collector);
    const asked = (await collector.get('/health')).body;
    const states = Object.entries({
      ...(asked['components'] as Record<string, { state: string }>),
      ...(asked['warnings'] as Record<string, { state: string }>),
    });
    expect(health.parts.map(({ name, state }) => [name, state])).toEqual(
      states.map(([name, { state }]) => [name, state]),
    );
    expect(health).toMatchObject({ isHealthy: true, version: asked['version'] });
    expect(machine).toMatchObject({ memoryPercent: expect.any(Number) as number });
  });

  it('is shown when the data folder is gone, and then says what is wrong', async () => {
    const collector = await seed();
    await rm(collector.data, { recursive: true });
    const page = await collector.get(PATH, PAGE);
    expect(page.status).toBe(200);
    expect(page.body['content']).toMatchObject({ page: 'system', health: { isHealthy: false } });
  });

  it('shows the jobs and that no backups are made', async () => {
    const { jobs, backup } = await contentOf(await seed());
    expect(jobs?.map(({ name }) => name)).toContain('retention');
    expect(backup).toEqual({ succeededAt: null, failedAt: null, everySeconds: null });
  });

  it.each([
    ['1h', 60_000],
    ['24h', 15 * 60_000],
    ['7d', 3_600_000],
    ['90d', 86_400_000],
  ])('shows the performance over %s', async (span, stepMs) => {
    const { performance } = await contentOf(await seed(), `?span=${span}`);
    const starts = performance?.map(({ start }) => Date.parse(start)) ?? [];
    expect(starts.length).toBeGreaterThanOrEqual(60);
    expect(starts.length).toBeLessThanOrEqual(170);
    expect(new Set(starts.slice(1).map((start, i) => start - (starts[i] ?? 0)))).toEqual(
      new Set([stepMs]),
    );
  });

  it('works without script, in both languages', async () => {
    const collector = await seed();
    const { text, status } = await collector.get(`${PATH}?lang=en`, HTML);
    expect(status).toBe(200);
    expect(text).toContain('Answer time');
    expect(text).toMatch(/<select name="level">/);
    expect((await collector.get(`${PATH}?lang=zh`, HTML)).text).toContain('响应时间');
  });

  it('gives the CSV of each chart', async () => {
    const collector = await seed();
    const { text } = await collector.get(`${PATH}?span=1h&csv=answer-time`, HTML);
    expect(text.split('\r\n')[0]).toBe('time,latency_p99_ms,latency_p50_ms');
    const lines = await collector.get(`${PATH}?csv=log-lines`, HTML);
    expect(lines.text).toMatch(/^start,(.*,)?info/);
  });
});

describe('the log on the page', () => {
  it('shows the lines that its filters mean', async () => {
    const collector = await seed();
    const all = await logsOf(collector);
    expect(all.filter).toMatchObject({ level: 'info', source: null, window: '6h', text: null });
    expect(all.lines.length).toBeGreaterThan(0);
    const times = all.lines.map(({ time }) => time);
    expect(times).toEqual(times.toSorted().toReversed());
    const requests = await logsOf(collector, '?source=requests');
    expect(new Set(requests.lines.map(({ source }) => source))).toEqual(new Set(['requests']));
    const reports = await logsOf(collector, '?text=V1%2FREPORTS&level=info&source=');
    expect(reports.lines).toHaveLength(1);
    expect((await logsOf(collector, '?level=fatal')).lines).toEqual([]);
  });

  it('counts the lines by level and time', async () => {
    const { counts } = await logsOf(await seed(), '?window=1h&level=trace');
    expect(counts.bars.length).toBeGreaterThanOrEqual(60);
    const sum = counts.bars.reduce((all, { levels }) => all + (levels['info'] ?? 0), 0);
    expect(sum).toBe(counts.levels['info']);
    expect(sum).toBeGreaterThan(0);
  });

  it('leads to older lines, and back', async () => {
    const collector = await seed();
    await Promise.all(Array.from({ length: 120 }, async () => collector.get('/v1/projects')));
    const first = await logsOf(collector);
    expect(first.lines).toHaveLength(100);
    const cursor = encodeURIComponent(first.next ?? '');
    const second = await logsOf(collector, `?cursor=${cursor}`);
    expect(second.lines.length).toBeGreaterThan(0);
    expect(Date.parse(second.lines[0]?.time ?? '')).toBeLessThanOrEqual(
      Date.parse(first.lines.at(-1)?.time ?? ''),
    );
    const { text } = await collector.get(`${PATH}?cursor=${cursor}&lang=en`, HTML);
    expect(text).toContain('Newest lines');
  });

  it('shows the newest lines for a link that is mistyped', async () => {
    const logs = await logsOf(await seed(), '?cursor=nonsense&window=never&level=loud');
    expect(logs.filter).toMatchObject({ level: 'info', window: '6h' });
    expect(logs.lines.length).toBeGreaterThan(0);
  });

  it('says that the log is in no files', async () => {
    const collector = await startCollector({ logBytesLimit: 0 });
    await collector.post('/v1/reports', fullReport());
    const logs = await logsOf(collector);
    expect(logs).toMatchObject({ problem: 'no-files', lines: [] });
    expect((await collector.get(`${PATH}?lang=en`, HTML)).text).toContain('--log-bytes-limit 0');
  });
});

describe('who sees the collector itself', () => {
  it('is those who may see all of it; a token of one project sees whether it works', async () => {
    const collector = await seed();
    const made = await collector.post(
      '/v1/tokens',
      { level: 'developer', project: 'acme-cli' },
      withToken(),
    );
    const token = withToken(String(made.body['token']));
    const system = await contentOf(collector, '', { ...PAGE, ...token });
    expect(system.health).toMatchObject({ isHealthy: true, version: null });
    expect(system.health.parts.map(({ name }) => name)).toContain('journal');
    expect(system).toMatchObject({
      ...{ machine: null, jobs: null, backup: null, performance: null, logs: null },
    });
    const { text } = await collector.get(`${PATH}?lang=en`, { ...HTML, ...token });
    expect(text).not.toContain('<select name="level">');
    expect(text).not.toContain('Answer time');
  });

  it('is neither the public nor those of a lower level', async () => {
    const collector = await seed();
    expect(await collector.stranger(PATH, { accept: 'text/html' })).toMatchObject({ status: 401 });
    const made = await collector.post('/v1/tokens', { level: 'restricted' }, withToken());
    const token = withToken(String(made.body['token']));
    expect(await collector.get(PATH, { ...PAGE, ...token })).toMatchObject({ status: 403 });
  });
});
