import { expect, it } from 'vitest';
import { lastDue } from '../../src/digest/last-due.js';

it.each([
  // 2026-11-30 is a Monday.
  ['just before the hour', '2026-11-30T07:59:59.999Z', 'monday', 8, 'UTC', '2026-11-23'],
  ['at the hour', '2026-11-30T08:00:00Z', 'monday', 8, 'UTC', '2026-11-30'],
  ['a day later', '2026-12-01T00:00:00Z', 'monday', 8, 'UTC', '2026-11-30'],
  ['just before the next one', '2026-12-07T07:59:59Z', 'monday', 8, 'UTC', '2026-11-30'],
  [
    'by the zone, which is ahead',
    '2026-11-29T19:00:00Z',
    'monday',
    8,
    'Pacific/Auckland',
    '2026-11-30',
  ],
  [
    'by the zone, which is behind',
    '2026-11-30T08:00:00Z',
    'monday',
    8,
    'America/New_York',
    '2026-11-23',
  ],
  ['at midnight', '2026-11-29T00:00:00Z', 'sunday', 0, 'UTC', '2026-11-29'],
  // On 2026-03-29, Berlin has no hour 2: it is 3 then.
  ['in a skipped hour, before', '2026-03-29T00:59:59Z', 'sunday', 2, 'Europe/Berlin', '2026-03-22'],
  ['in a skipped hour, after', '2026-03-29T01:00:00Z', 'sunday', 2, 'Europe/Berlin', '2026-03-29'],
  // On 2026-10-25, it has hour 2 twice: the first one counts.
  [
    'in an hour that is there twice',
    '2026-10-25T00:00:00Z',
    'sunday',
    2,
    'Europe/Berlin',
    '2026-10-25',
  ],
] as const)('the digest was due last: %s', (_name, now, weekday, hour, zone, date) => {
  expect(lastDue(Date.parse(now), { weekday, hour, zone })).toBe(date);
});
