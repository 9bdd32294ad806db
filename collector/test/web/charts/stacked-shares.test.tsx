import { render } from 'preact-render-to-string';
import { describe, expect, it } from 'vitest';
import { type ShareSeries, sharesTwin, type StackedSeries } from '../../../web/charts/shares.js';
import { StackedShares } from '../../../web/charts/stacked-shares.js';
import { languageOf } from '../../../web/language/language.js';
import { elementsOf, numberOf, pointsOf, textsOf, withClass } from './parse-svg.js';

const dates = (count: number): string[] =>
  Array.from({ length: count }, (_, i) =>
    new Date(Date.UTC(2026, 8, 1 + i)).toISOString().slice(0, 10),
  );

const stackedOf = (
  series: readonly ShareSeries[],
  more: Partial<StackedSeries> = {},
): StackedSeries => ({
  dates: dates(series[0]?.shares.length ?? 0),
  series,
  releases: [],
  lastIsRunning: false,
  ...more,
});

function draw(stacked: StackedSeries) {
  const twin = sharesTwin(stacked, 'Share by version', languageOf('en'));
  const html = render(<StackedShares stacked={stacked} twin={twin} />);
  return { html, plot: html.slice(html.indexOf('class="plot"')), twin };
}

describe('StackedShares', () => {
  it('stacks the newest from the ground up to the whole', () => {
    const { plot } = draw(
      stackedOf([
        { name: '2.0.0', slot: 2, shares: [0, 0.5] },
        { name: '1.0.0', slot: 1, shares: [1, 0.5] },
      ]),
    );
    const edges = withClass(plot, 'sep').map(
      ({ attributes }) => pointsOf(attributes['d'] ?? '')[0],
    );
    // 290 px high, 24 of them above and 24 below: half is at 145.
    expect(edges).toEqual([
      [
        [250, 266],
        [750, 145],
      ],
      [
        [250, 24],
        [750, 24],
      ],
    ]);
    expect(numberOf(withClass(plot, 'half-rule')[0], 'y1')).toBe(145);
  });

  it('draws a thousand versions as those with a slot and one of all others', () => {
    const series = Array.from({ length: 1000 }, (_, i) => ({
      name: `1.${1000 - i}.0`,
      slot: (i < 6 ? i + 1 : 0) as ShareSeries['slot'],
      shares: [0.001, 0.001],
    }));
    const { plot, twin } = draw(stackedOf(series));
    expect(withClass(plot, 'area')).toHaveLength(7);
    expect(twin.columns.map(({ name }) => name).slice(-2)).toEqual(['1.995.0', 'other']);
    expect(twin.rows[0]?.at(-1)?.text).toBe('99.4%');
  });

  it('leaves unknown days open and hatches the running one, and says both', () => {
    const { plot, twin } = draw(
      stackedOf([{ name: '1.0.0', slot: 1, shares: [1, null, 1] }], { lastIsRunning: true }),
    );
    expect(withClass(plot, 'unknown')).toHaveLength(1);
    expect(withClass(plot, 'hatch')).toHaveLength(1);
    expect(twin.rows.map((row) => row.map(({ text }) => text).slice(1))).toEqual([
      ['100%', ''],
      ['not known', ''],
      ['100%', 'day not over'],
    ]);
  });

  it('names areas beside their ends, without overlap and within the plot', () => {
    const shares = [0.4, 0.06, 0.06, 0.06, 0.06, 0.36];
    const { html } = draw(
      stackedOf(
        shares.map((share, i) => ({
          name: `v${i}`.padEnd(100, 'x'),
          slot: (i + 1) as ShareSeries['slot'],
          shares: [share, share],
        })),
      ),
    );
    const right = elementsOf(html.slice(html.indexOf('role="slider"'))).filter(
      ({ name }) => name === 'text',
    );
    const places = right.map((element) => numberOf(element, 'y')).sort((a, b) => a - b);
    expect(places).toHaveLength(6);
    places.slice(1).forEach((place, i) => {
      expect(place - (places[i] ?? 0)).toBeGreaterThanOrEqual(12);
    });
    expect(
      textsOf(html.slice(html.indexOf('role="slider"')), 'text').every((t) => t.length < 12),
    ).toBe(true);
  });

  it.each([
    ['nothing', []],
    ['one day', [{ name: 'a', slot: 1 as const, shares: [1] }]],
    ['nobody', [{ name: 'a', slot: 1 as const, shares: [null, null] }]],
  ])('draws %s', (_, series) => {
    expect(draw(stackedOf(series)).html).not.toMatch(/NaN|Infinity|undefined|style=/);
  });
});
