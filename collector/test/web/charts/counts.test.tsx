import { render } from 'preact-render-to-string';
import { describe, expect, it } from 'vitest';
import { CountBars, type CountRow } from '../../../web/charts/count-bars.js';
import { countsTwin } from '../../../web/charts/counts-twin.js';
import { HistogramBars } from '../../../web/charts/histogram-bars.js';
import { partsTwin } from '../../../web/charts/parts-twin.js';
import { languageOf } from '../../../web/language/language.js';
import { numberOf, textsOf, withClass } from './parse-svg.js';

const language = languageOf('en');

const ROWS: readonly CountRow[] = [
  { name: 'Linux', people: 900, share: 0.9, change: 0.031 },
  { name: 'other', people: 100, share: 0.1, isOther: true, change: -0.02 },
  { name: 'riscv64', people: 'few', share: null },
];

describe('CountBars', () => {
  it('shows people, share and change, and never a number of too few', () => {
    const html = render(<CountBars rows={ROWS} leastShown={10} />);
    expect(textsOf(html, 'td').map((text) => text.trim())).toEqual([
      ...['900', '90.0%', '', '+3.1%', '100', '10.0%', '', '−2.0%', 'fewer than 10', '', '–'],
    ]);
    expect(numberOf(withClass(html, 'f1')[0], 'width')).toBe(90);
    expect(numberOf(withClass(html, 'f0')[0], 'width')).toBe(10);
    expect(withClass(html, 'sup')).toHaveLength(1);
  });

  it('has the same rows in its twin', () => {
    const twin = countsTwin(ROWS, { id: 'os', name: 'System', leastShown: 10 }, language);
    expect(twin.rows.map((row) => row.map(({ value }) => value))).toEqual([
      ['Linux', 900, 0.9, 0.031],
      ['other', 100, 0.1, -0.02],
      ['riscv64', null, null, null],
    ]);
  });

  it('has no column of changes without any', () => {
    const html = render(<CountBars rows={[{ name: 'a', people: 20, share: 1 }]} leastShown={10} />);
    expect(textsOf(html, 'th')).not.toContain('Change');
  });
});

describe('HistogramBars', () => {
  const parts = ['under 1 s', '1 to 5 s', '5 to 30 s', 'over 30 s'].map((name, i) => ({
    name,
    people: i === 2 ? ('few' as const) : 100 * (i + 1),
    share: i === 2 ? null : 0.1 * (i + 1),
  }));
  const twin = partsTwin(parts, 10, { id: 'age', name: 'Age', column: 'Age' }, language);

  it('draws bars in proportion, hatches what is hidden, and names every range', () => {
    const html = render(<HistogramBars parts={parts} twin={twin} leastShown={10} />);
    const heights = withClass(html, 'f1').map((bar) => numberOf(bar, 'height'));
    expect(heights).toHaveLength(3);
    expect((heights[2] ?? 0) / (heights[0] ?? 1)).toBeCloseTo(4, 1);
    expect(withClass(html, 'unknown')).toHaveLength(1);
    expect(textsOf(html, 'text')).toEqual(expect.arrayContaining(parts.map(({ name }) => name)));
  });

  it.each([[[]], [parts.slice(0, 1)], [parts.map((part) => ({ ...part, share: 0 }))]])(
    'draws %j',
    (of) => {
      const html = render(
        <HistogramBars parts={of} twin={{ ...twin, rows: [] }} leastShown={10} />,
      );
      expect(html).not.toMatch(/NaN|Infinity|undefined|style=/);
    },
  );
});
