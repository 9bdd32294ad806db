import { describe, expect, it } from 'vitest';
import type { LogLine } from '../../../web/page/system-logs.js';
import { detailsText } from '../../../web/pages/system/details-text.js';
import { follow, type Followed, NONE } from '../../../web/pages/system/follow.js';

const line = (message: string): LogLine => ({
  ...{ time: '2026-11-22T21:00:00.000Z', level: 'info', source: 'jobs', message, details: {} },
});

const add = (followed: Followed, message: string): Followed =>
  follow(followed, { kind: 'line', line: line(message) });

const messagesOf = ({ lines }: Followed): string[] => lines.map(({ message }) => message);

describe('follow', () => {
  it('puts the newest line first', () => {
    expect(messagesOf(add(add(NONE, 'one'), 'two'))).toEqual(['two', 'one']);
  });

  it('keeps 500 lines at most, and knows how many came', () => {
    let followed = NONE;
    for (let n = 1; n <= 600; n++) followed = add(followed, String(n));
    expect(followed.lines).toHaveLength(500);
    expect(messagesOf(followed).at(0)).toBe('600');
    expect(messagesOf(followed).at(-1)).toBe('101');
    expect(followed.came).toBe(600);
  });

  it('shows what came during a pause once it goes on', () => {
    const paused = add(follow(add(NONE, 'one'), { kind: 'pause' }), 'two');
    expect(messagesOf(paused)).toEqual(['one']);
    expect(paused.waiting).toHaveLength(1);
    const goesOn = add(follow(paused, { kind: 'go-on' }), 'three');
    expect(messagesOf(goesOn)).toEqual(['three', 'two', 'one']);
    expect(goesOn.waiting).toEqual([]);
  });

  it('adds up lines that were left out, and begins anew', () => {
    const left = follow(follow(NONE, { kind: 'left-out', lines: 3 }), {
      kind: 'left-out',
      lines: 4,
    });
    expect(left.leftOut).toBe(7);
    expect(follow(left, { kind: 'begin' })).toEqual(NONE);
  });
});

describe('detailsText', () => {
  it('writes names and values, the ID of the request last', () => {
    const details = { request_id: 'a-b', status: 200, files: ['x'], route: '/health' };
    expect(detailsText({ details })).toBe('status=200 files=["x"] route=/health request_id=a-b');
  });
});
