import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createFailureLog, type FailureLog } from '../../src/logs/failure-log.js';
import { createLogger } from '../../src/logs/logger.js';

const MINUTE_MS = 60_000;

const full = (): Error => Object.assign(new Error('full'), { code: 'SQLITE_FULL' });

let lines: Record<string, unknown>[] = [];
let failures: FailureLog;

/** The lines since the last call: what they say, and how often it happened. */
function told(): unknown[] {
  const all = lines.map(({ level, msg, times }) => [level, msg, times]);
  lines = [];
  return all;
}

describe('failures that repeat', () => {
  beforeEach(() => {
    vi.useFakeTimers();
    lines = [];
    const write = (text: string): void => {
      lines.push(JSON.parse(text) as Record<string, unknown>);
    };
    failures = createFailureLog({ logger: createLogger('info', { write }) });
  });
  afterEach(() => void vi.useRealTimers());

  it('are logged once, then by their number once a minute, and at their end', () => {
    failures.failed(full(), 'the disk failed', { request_id: 'a' });
    expect(lines).toMatchObject([{ request_id: 'a', error: { code: 'SQLITE_FULL' } }]);
    told();
    for (let second = 1; second < 150; second++) {
      vi.advanceTimersByTime(1000);
      failures.failed(full(), 'the disk failed');
      failures.failed(full(), 'the disk failed');
    }
    expect(told()).toEqual([
      ['error', 'the disk failed', 118],
      ['error', 'the disk failed', 120],
    ]);
    vi.advanceTimersByTime(3 * MINUTE_MS);
    expect(told()).toEqual([
      ['error', 'the disk failed', 60],
      ['info', 'the disk failed: not again for a minute', 299],
    ]);
    failures.failed(full(), 'the disk failed');
    expect(told()).toEqual([['error', 'the disk failed', undefined]]);
  });

  it('of another kind have lines of their own, and not more than a few kinds', () => {
    failures.failed(full(), 'the disk failed');
    failures.failed(Object.assign(new Error(), { code: 'SQLITE_IOERR' }), 'the disk failed');
    failures.failed(full(), 'request failed');
    expect(told()).toHaveLength(3);
    for (let n = 0; n < 1000; n++) {
      failures.failed(Object.assign(new Error(), { code: `E${n}` }), 'request failed');
    }
    expect(told().length).toBeLessThan(60);
  });

  it('that end and begin again and again take no more lines', () => {
    for (let second = 0; second < 59; second++) {
      failures.failed(full(), 'counting failed');
      failures.ended('counting failed', 'counting goes on');
      vi.advanceTimersByTime(1000);
    }
    expect(told()).toEqual([
      ['error', 'counting failed', undefined],
      ['info', 'counting goes on', 1],
    ]);
    vi.advanceTimersByTime(3 * MINUTE_MS);
    expect(told()).toEqual([
      ['error', 'counting failed', 58],
      ['info', 'counting goes on', 59],
    ]);
  });

  it('that are not told yet are told at the end', () => {
    for (let n = 0; n < 3; n++) failures.failed(full(), 'the disk failed');
    told();
    failures.close();
    expect(told()).toEqual([['error', 'the disk failed', 2]]);
    vi.advanceTimersByTime(MINUTE_MS);
    expect(told()).toEqual([]);
  });
});
