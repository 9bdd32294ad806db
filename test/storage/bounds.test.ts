import { afterEach, describe, expect, it } from 'vitest';
import { createHeadcountOn } from '../../src/headcount.js';
import { instances } from '../../src/host/platform/instances.js';
import type { HeadcountOptions } from '../../src/options.js';
import { readSegment } from '../../src/storage/outbox-lines.js';
import { fakePlatform, type FakePlatform } from '../support/fake-platform.js';

const OUTBOX = '/home/ada/data/acme-cli/outbox';
const QUEUE = `${OUTBOX}/to-stats.acme.dev`;
const DAY_MS = 24 * 60 * 60 * 1000;

/** Each report in a segment of its own, which can make room; nothing is sent meanwhile. */
const EACH_ALONE = { project: 'acme-cli', flushAt: 1, flushIntervalMs: 86_400_000 };
const create = (platform: FakePlatform, options: HeadcountOptions = {}) =>
  createHeadcountOn(platform, { ...EACH_ALONE, ...options });
const waiting = ({ disk }: FakePlatform): number =>
  [...disk].flatMap(([path, text]) => (path.startsWith(OUTBOX) ? readSegment(text).drafts : []))
    .length;

afterEach(() => instances().clear());

describe('what may wait', () => {
  it.each([
    ['50 reports where nobody has named an endpoint', {}, 50],
    ['1 000 where somebody has', { endpoint: 'https://stats.acme.dev' }, 1_000],
  ])('is %s', (_name, options, most) => {
    const platform = fakePlatform();
    const headcount = create(platform, options);
    for (let count = 0; count < most; count += 1) headcount.track();
    expect([waiting(platform), headcount.status().dropped]).toEqual([most, {}]);
    for (let count = 0; count < 7; count += 1) headcount.track();
    expect([waiting(platform), headcount.status().dropped]).toEqual([most, { 'outbox-full': 7 }]);
  });

  it('is 30 days old at most', () => {
    const platform = fakePlatform();
    const of = (days: number): string =>
      `${QUEUE}/${platform.now() - days * DAY_MS}-77.a1b2c3d4.1-00000${days % 10}.3-30.ready`;
    for (const days of [31, 29]) platform.disk.set(of(days), '{"a":1.5}\n'.repeat(3));
    const headcount = create(platform, { endpoint: 'https://stats.acme.dev' });
    headcount.track();
    expect([platform.disk.has(of(31)), platform.disk.has(of(29))]).toEqual([false, true]);
    expect(platform.disk.get(`${QUEUE}/losses`)).toBe('3\n');
    platform.advance(2 * DAY_MS);
    headcount.track();
    expect(platform.disk.get(`${QUEUE}/losses`)).toBe('3\n3\n');
  });

  it('counts what makes room for lines that a slow disk has delayed, after their turn too', () => {
    const platform: FakePlatform = fakePlatform({
      disk: (call) => void (['append', 'extend'].includes(call) && platform.advance(6)),
    });
    const options = { endpoint: 'https://stats.acme.dev', flushAt: 100 };
    const headcount = create(platform, options);
    for (let count = 0; count < 2; count += 1) headcount.track();
    const old = `${platform.now() - 31 * DAY_MS}-77.a1b2c3d4.1-000001.3-30.ready`;
    platform.disk.set(`${QUEUE}/${old}`, '{"a":1.5}\n'.repeat(3));
    platform.advance(2_000);
    headcount.track();
    expect(headcount.status().dropped).toEqual({});
    platform.advance(0);
    expect(headcount.status()).toMatchObject({ queued: 3, dropped: { 'outbox-full': 3 } });
    expect(platform.disk.get(`${QUEUE}/losses`)).toBe('3\n');
  });

  it.each([
    ['99999999999999999999-5', 1],
    ['100000-99999999999999999999', 1],
    ['100000', 1],
    [`1-${'9'.repeat(400)}`, 1],
    ['7', 7],
  ])('is what the file has, whatever its name says (%s)', (numbers, real) => {
    const platform = fakePlatform();
    const headcount = create(platform, { endpoint: 'https://stats.acme.dev' });
    for (let count = 0; count < 6; count += 1) headcount.track();
    const segments = [...platform.disk].filter(([path]) => path.endsWith('.ready'));
    const [path, text] = segments[2] ?? ['', ''];
    const renamed = path.replace(/\.\d+-\d+\.ready$/, `.${numbers}.ready`);
    platform.disk.delete(path);
    platform.disk.set(renamed, text.repeat(real));
    platform.advance(60_001);
    headcount.track();
    expect(waiting(platform)).toBe(6 + real);
    expect(headcount.status()).toMatchObject({ queued: 6 + real, dropped: {} });
    for (let count = 6 + real; count < 1_002; count += 1) headcount.track();
    expect([waiting(platform), headcount.status().dropped]).toEqual([1_000, { 'outbox-full': 2 }]);
    const lost = [...(platform.disk.get(`${QUEUE}/losses`) ?? '').matchAll(/\d+/g)];
    expect(lost.reduce((sum, [by]) => sum + Number(by), 0)).toBe(
      headcount.status().dropped['outbox-full'],
    );
  });
});
