import { describe, expect, it } from 'vitest';
import type { DroppedLines } from '../../src/logs/output.js';
import { startMortalCollector, type ThreadName } from '../support/die.js';
import { scrape, valuesOf } from '../support/read-metrics.js';
import { bearer, fullReport } from '../support/reports.js';
import { NOW, startCollector, type TestCollector } from '../support/start-collector.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { until } from '../support/until.js';

const DAY_MS = 86_400_000;

interface Shown {
  readonly state: string;
  readonly hint: string;
  readonly causes: readonly { readonly code: string }[];
}

/** Where a condition is told: `/health`, the metric, and how often the log says so. */
async function tell(collector: TestCollector, name: string) {
  const { status, body } = await collector.get('/health');
  const { components, warnings } = body as Record<string, Record<string, Shown>>;
  const isComponent = components?.[name] !== undefined;
  const shown = components?.[name] ?? warnings?.[name];
  const samples = await scrape(collector);
  const metric = isComponent
    ? 1 - (valuesOf(samples, 'component_up', 'component')[name] ?? NaN)
    : valuesOf(samples, 'warning', 'warning')[name];
  const lines = collector
    .log()
    .split('\n')
    .filter((line) => line.includes(`"condition":"${name}"`))
    .map((line) => JSON.parse(line) as { level: string; state: string; hint?: string });
  return { status, state: shown?.state, hint: shown?.hint, causes: shown?.causes, metric, lines };
}

/** Metrics are told again for two seconds: each scrape is to be a new one. */
function clocks(startAt = NOW.getTime()) {
  let [at, ms] = [startAt, 0];
  return {
    pass: (byMs: number): void => void (at += byMs),
    options: { now: () => new Date(at), monotonicMs: () => (ms += 5000) },
  };
}

async function expectTold(collector: TestCollector, name: string, status: number): Promise<void> {
  const wrong = status === 503 ? 'failing' : 'warning';
  for (let n = 0; n < 2; n++) {
    const told = await tell(collector, name);
    expect([name, told.status, told.state, told.metric]).toEqual([name, status, wrong, 1]);
    expect(told.causes).not.toEqual([]);
    expect(told.lines).toHaveLength(1);
    expect(told.lines[0]).toMatchObject({
      ...{ level: status === 503 ? 'error' : 'warn', state: wrong, hint: told.hint },
    });
    expect(told.hint).toContain(`/docs/collector/troubleshooting.md#${name}`);
  }
}

async function expectOver(collector: TestCollector, name: string): Promise<void> {
  const told = await tell(collector, name);
  expect([name, told.state, told.metric]).toEqual([name, 'ok', 0]);
  expect(told.lines.map(({ level, state }) => [level, state])[1]).toEqual(['info', 'ok']);
}

describe('what is wrong is told in /health, the metric and the log, once, and its end too', () => {
  it('a clock that jumps', async () => {
    const { pass, options } = clocks();
    const collector = await startCollector({ ...options, maxClockJumpMs: 30 * DAY_MS });
    await collector.post('/v1/reports', fullReport());
    pass(4000 * DAY_MS);
    await expectTold(collector, 'clock', 503);
    pass(-4000 * DAY_MS);
    await expectOver(collector, 'clock');
  });

  it('a proxy that is not named', async () => {
    const { pass, options } = clocks();
    const collector = await startCollector(options);
    await collector.stranger('/', { 'x-forwarded-for': '192.0.2.1' });
    await expectTold(collector, 'proxy', 200);
    pass(DAY_MS);
    await expectOver(collector, 'proxy');
  });

  it('a backup that is overdue', async () => {
    // Backups are made by the system's clock.
    const { pass, options } = clocks(Date.now());
    const collector = await startCollector({ ...options, backupDir: temporaryFolder() });
    await collector.jobs.runNow('backup');
    pass(2 * DAY_MS + 3_600_000);
    await expectTold(collector, 'backup', 200);
    await collector.jobs.runNow('backup');
    await expectOver(collector, 'backup');
  });

  it('lines of the log that are lost', async () => {
    let dropped: DroppedLines | undefined = { lines: 3, since: NOW, code: 'ENOSPC' };
    const collector = await startCollector({ ...clocks().options, droppedLines: () => dropped });
    await expectTold(collector, 'log', 200);
    dropped = undefined;
    await expectOver(collector, 'log');
  });

  it.each<[ThreadName, string]>([
    ['journal-writer-thread', 'journal'],
    ['counting-thread', 'counting'],
    ['counts-reader-thread', 'store'],
    ['question-thread', 'store'],
  ])('a thread that has ended: %s', async (thread, name) => {
    const collector = await startMortalCollector(clocks().options);
    await collector.letDie(thread);
    await expectTold(collector, name, 503);
    const ready = await collector.stranger('/readyz');
    expect(ready.status).toBe(name === 'journal' ? 503 : 200);
    expect((await collector.stranger('/livez')).status).toBe(200);
    await collector.close();
  });

  it('reports and deletions that are not counted', async () => {
    const { pass, options } = clocks();
    const collector = await startMortalCollector({ ...options, maxClockJumpMs: Infinity });
    await collector.post('/v1/reports', fullReport({ anonymous_id: 'ada' }));
    await collector.get('/stats');
    await collector.letDie('counting-thread');
    await collector.delete('/v1/users/ada?project=acme-cli', bearer());
    expect(await tell(collector, 'journal_age')).toMatchObject({ state: 'ok', metric: 0 });
    pass(31_000);
    expect(await tell(collector, 'journal_age')).toMatchObject({ state: 'warning', metric: 1 });
    expect(await tell(collector, 'erasure')).toMatchObject({ state: 'ok', metric: 0 });
    pass(DAY_MS);
    expect(await tell(collector, 'erasure')).toMatchObject({ state: 'warning', metric: 1 });
    await collector.close();
  });

  it('without anybody asking', async () => {
    const collector = await startCollector({ checkHealthEveryMs: 20 });
    await collector.stranger('/', { 'x-forwarded-for': '192.0.2.1' });
    await until('the log tells it', () => collector.log().includes('"condition":"proxy"'));
  });
});
