import { describe, expect, it } from 'vitest';
import type { LogLine } from '../../src/log-reading/log-line.js';
import { createLogReport } from '../../src/log-reading/log-report.js';
import { normalizeMessage } from '../../src/log-reading/normalize-message.js';
import { reportText } from '../../src/commands/logs-report-text.js';

const BEGIN = Date.parse('2026-11-28T00:00:00Z');
const MINUTE_MS = 60_000;

const NOW = new Date(BEGIN + 86_400_000);

const lineAt = (minute: number, more: Partial<LogLine>): LogLine => ({
  ...{ time: new Date(BEGIN + minute * MINUTE_MS).toISOString(), level: 'info', source: 'jobs' },
  ...{ function: '', line: 0, message: 'm', details: {} },
  ...more,
});

describe('the kind of an error', () => {
  it.each([
    ['user 17 of 3.5 failed', 'user <n> of <n> failed'],
    ['no 9f86d081884c7d65 here', 'no <id> here'],
    ['job 0b5d9b1e-8f6c-4c5b-9d2a-1f2e3d4c5b6a died', 'job <id> died'],
    ['at 2026-11-28T12:00:00.123Z', 'at <time>'],
    [`cannot read "a b" or 'c'`, 'cannot read <text> or <text>'],
    ['it failed\nTraceback …', 'it failed'],
  ])('is %j without what differs', (message, expected) => {
    expect(normalizeMessage({ message, details: {} })).toBe(expected);
  });

  it('tells errors of the collector apart by name and code', () => {
    const details = { error: { name: 'SqliteError', code: 'SQLITE_FULL' } };
    expect(normalizeMessage({ message: 'job failed', details })).toBe(
      'job failed (SqliteError SQLITE_FULL)',
    );
  });
});

describe('a report', () => {
  it('finds bursts, new kinds of errors and the slowest routes', () => {
    const report = createLogReport(BEGIN, NOW);
    report.add(lineAt(-60, { level: 'error', message: 'disk 1 failed' }));
    for (let minute = 0; minute < 960; minute++) {
      if (minute % 20 === 0)
        report.add(lineAt(minute, { level: 'error', message: `disk ${minute} failed` }));
    }
    for (let n = 0; n < 40; n++) report.add(lineAt(600, { level: 'fatal', message: 'gone' }));
    report.add(lineAt(700, { level: 'warn' }));
    const times = { route: '/stats', status: '2xx', requests: 100, p99_ms: 80, max_ms: 90 };
    report.add(lineAt(1, { message: 'request', details: { route: '/stats', ms: 5 } }));
    report.add(lineAt(2, { message: 'performance', details: times }));
    report.add(lineAt(3, { message: 'performance', details: { ...times, p99_ms: 60 } }));
    for (const ms of [1, 2, 3])
      report.add(lineAt(4, { message: 'request', details: { route: '/a', ms } }));
    const result = report.result();
    expect(result).toMatchObject({
      ...{ lines: 48 + 40 + 1 + 3 + 3, errors: 88, warnings: 1, window_seconds: 1200 },
      bursts: [{ start: '2026-11-28T10:00:00.000Z', errors: 41 }],
      kinds: [
        { message: 'disk <n> failed', source: 'jobs', count: 48, is_new: false },
        { message: 'gone', source: 'jobs', count: 40, is_new: true },
      ],
      routes: [
        { route: '/stats', requests: 200, p99_ms: 80, max_ms: 90 },
        { route: '/a', requests: 3, max_ms: 3 },
      ],
    });
    const text = reportText(result);
    expect(text).toContain('errors: 88, warnings: 1');
    expect(text).toMatch(/errors {2}[▁█▂]{48} {2}\(20 min each\)/);
    expect(text).toContain('new jobs: gone');
  });

  it('keeps to its bounds, and cannot say what is new without anything earlier', () => {
    const report = createLogReport(undefined, NOW);
    for (let n = 0; n < 5000; n++) {
      const message = `kind ${String.fromCharCode(97 + (n % 26), 97 + ((n / 26) % 26), 97 + n / 676)}`;
      report.add(lineAt(n, { level: 'error', message, time: null }));
      report.add(lineAt(n, { message: 'request', details: { route: `/${n}`, ms: 1 } }));
    }
    const { kinds, routes } = report.result();
    expect(kinds.length).toBeLessThanOrEqual(501);
    expect(routes.length).toBeLessThanOrEqual(201);
    expect(kinds[0]).toMatchObject({ message: 'other', is_new: null });
    expect(reportText(createLogReport(undefined, NOW).result())).toBe(
      'There are no lines in this time.\n',
    );
  });
});
