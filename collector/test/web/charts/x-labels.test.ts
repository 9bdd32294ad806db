import { describe, expect, it } from 'vitest';
import { textWidth } from '../../../web/charts/text-width.js';
import { DAY_STEPS, isAtEnd, type XLabel, xLabels } from '../../../web/charts/x-labels.js';
import { languageOf } from '../../../web/language/language.js';

const dates = (count: number): string[] =>
  Array.from({ length: count }, (_, i) =>
    new Date(Date.UTC(2026, 7, 31 + i)).toISOString().slice(0, 10),
  );

/** Where labels lie on a plot of so many pixels. */
const spans = (labels: readonly XLabel[], slots: number, widthPx: number): number[][] =>
  labels.map(({ slot, text }) => {
    const x = (slot + 0.5) / slots;
    const width = textWidth(text);
    const end = isAtEnd(x, text) ? widthPx : x * widthPx + width / 2;
    return [end - width, end];
  });

describe('xLabels', () => {
  for (const tag of ['en', 'zh'] as const) {
    it.each([1, 2, 7, 28, 90, 365, 400, 1000])(
      `lets no two labels of %d days overlap on a page of 360 px in ${tag}`,
      (count) => {
        const texts = dates(count).map((date) => languageOf(tag).formats.day(date));
        const labels = xLabels(texts, { steps: DAY_STEPS });
        expect(labels.length).toBeGreaterThan(0);
        const shown = [
          spans(
            labels.filter(({ isAlt }) => !isAlt),
            count,
            224,
          ),
          spans(labels, count, 460),
        ];
        for (const row of shown) {
          row.slice(1).forEach(([from], i) => {
            expect(from).toBeGreaterThan(row[i]?.[1] ?? Infinity);
          });
          for (const [, to] of row) expect(to).toBeLessThanOrEqual(460 + 4);
        }
      },
    );
  }

  it('lets no label reach over the right edge', () => {
    const texts = Array.from({ length: 6 }, (_, i) => `a long name ${i}`);
    const last = spans(xLabels(texts), 6, 224).at(-1);
    expect(last?.[1]).toBeLessThanOrEqual(228);
  });

  it('labels nothing of nothing', () => {
    expect(xLabels([])).toEqual([]);
  });
});
