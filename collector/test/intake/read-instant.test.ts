import { describe, expect, it } from 'vitest';
import { readInstant } from '../../src/intake/to-journal-entry.js';

describe('a client’s timestamp', () => {
  it.each([
    '2026-11-22T20:58:00.123Z',
    '2026-11-22T20:58:00.123456789Z',
    '2026-11-22T22:58:00.123+02:00',
    '2026-11-22T22:58:00,123+0200',
    '2026-11-22t20:58:00.123z',
  ])('is read with a zone: %s', (text) => {
    expect(readInstant(text)).toBe(Date.parse('2026-11-22T20:58:00.123Z'));
  });

  it.each(['2026-11-22T20:58:00.123456', '2026-11-22T20:58:00', '2026-11-22 20:58'])(
    'says nothing of the instant without one: %s',
    (text) => {
      expect(readInstant(text)).toBe('local');
    },
  );

  it.each(['', 'yesterday', '1763845080', '2026-13-45T99:99:99Z', '22.11.2026', '2026-11-22Z'])(
    'is unreadable otherwise: "%s"',
    (text) => {
      expect(readInstant(text)).toBe('unreadable');
    },
  );
});
