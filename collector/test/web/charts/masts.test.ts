import { describe, expect, it } from 'vitest';
import { placeMasts } from '../../../web/charts/masts.js';
import { textWidth } from '../../../web/charts/text-width.js';

const WIDTHS = { wide: 460, narrow: 224 };
const PENNANT = 12;

describe('placeMasts', () => {
  it.each(Object.entries(WIDTHS))('lets no two names overlap on a %s page', (page, width) => {
    for (let count = 1; count < 60; count += 7) {
      const releases = Array.from({ length: count }, (_, i) => ({
        x: (i + 0.5) / count,
        name: `2.${i}.0-beta.${i}`,
      }));
      const boxes = placeMasts(releases).flatMap(({ row, isAlt, isFlipped }, i) => {
        const { x, name } = releases[i] ?? { x: 0, name: '' };
        if (row === null || (page === 'narrow' && isAlt)) return [];
        const length = PENNANT + textWidth(name);
        const from = x * width - (isFlipped ? length : 0);
        return [{ row, from, to: from + length }];
      });
      expect(boxes.length).toBeGreaterThan(0);
      boxes.forEach((box, i) => {
        expect(box.to).toBeLessThanOrEqual(width);
        for (const other of boxes.slice(0, i)) {
          const isApart = other.row !== box.row || other.to < box.from || box.to < other.from;
          expect(isApart).toBe(true);
        }
      });
    }
  });

  it('names the newest where there is room for one alone', () => {
    const [older, newest] = placeMasts([
      { x: 0.5, name: '2.3.0' },
      { x: 0.6, name: '2.3.1' },
    ]);
    expect(newest).toMatchObject({ row: 0, isAlt: false });
    expect(older?.row).not.toBe(newest?.row);
  });

  it('keeps to one row where there is room', () => {
    const masts = placeMasts([
      { x: 0.2, name: '2.2.0' },
      { x: 0.6, name: '2.3.0' },
    ]);
    expect(masts.map(({ row }) => row)).toEqual([0, 0]);
  });
});
