import { render } from 'preact-render-to-string';
import { describe, expect, it } from 'vitest';
import { DayChart } from '../../../web/charts/day-chart.js';
import { type Day, dayHrefs, type DaySeries, dayTwin } from '../../../web/charts/day-twin.js';
import { languageOf, LanguageContext } from '../../../web/language/language.js';
import type { LanguageTag } from '../../../web/language/language-tags.js';
import { elementsOf, numberOf, pointsOf, textsOf, withClass } from './parse-svg.js';

const date = (i: number): string => new Date(Date.UTC(2026, 8, 1 + i)).toISOString().slice(0, 10);

const day = (i: number, active: Day['active'], more: Partial<Day> = {}): Day => ({
  date: date(i),
  active,
  complete: true,
  forecast: null,
  ...more,
});

const series = (days: readonly Day[], more: Partial<DaySeries> = {}): DaySeries => ({
  days,
  ahead: [],
  flags: [],
  releases: [],
  leastShown: 10,
  ...more,
});

function draw(of: DaySeries, tag: LanguageTag = 'en') {
  const language = languageOf(tag);
  const twin = dayTwin(of, 'Active by day', language);
  const html = render(
    <LanguageContext.Provider value={language}>
      <DayChart series={of} twin={twin} />
    </LanguageContext.Provider>,
  );
  return { html, twin };
}

/** The points of the line, without those of the legend's key. */
const linePoints = (html: string) => {
  const paths = withClass(html.slice(html.indexOf('class="plot"')), 'line');
  return pointsOf(paths[0]?.attributes['d'] ?? '');
};

describe('DayChart', () => {
  it('draws each day at its value between the gridlines', () => {
    const { html } = draw(series([0, 1000, 2000, 4000].map((active, i) => day(i, active))));
    const [points] = linePoints(html);
    // 270 px high, 24 of them above and 24 below.
    expect(points).toEqual([
      [125, 246],
      [375, 190.5],
      [625, 135],
      [875, 24],
    ]);
  });

  it('ends the line before the running day, which is hatched with its value', () => {
    const { html } = draw(series([day(0, 40), day(1, 40), day(2, 20, { complete: false })]));
    expect(linePoints(html).flat()).toHaveLength(2);
    const bar = withClass(html, 'hatch').at(-1);
    expect(numberOf(bar, 'height')).toBeCloseTo((246 - 24) / 2, 0);
    expect(textsOf(html, 'text')).toContain('20');
  });

  it('leaves a gap for missing and hidden days, hatched in grey, never a zero', () => {
    const { html, twin } = draw(
      series([day(0, 40), day(1, 30), day(2, null), day(3, 'few'), day(4, 40), day(5, 30)]),
    );
    const lines = linePoints(html);
    expect(lines).toHaveLength(2);
    expect(lines.flat().every(([, y]) => y < 246)).toBe(true);
    const gap = withClass(html, 'unknown').at(-1);
    expect(numberOf(gap, 'x')).toBeCloseTo((2 / 6) * 100, 1);
    expect(numberOf(gap, 'width')).toBeCloseTo((2 / 6) * 100, 1);
    expect(twin.rows.map((row) => row[1]?.text)).toEqual([
      ...['40', '30', 'not known', 'fewer than 10', '40', '30'],
    ]);
    expect(twin.rows[3]?.[1]?.value).toBeNull();
  });

  it('draws the band of the days ahead, which the table has, too', () => {
    const forecast = { expected: 50, low: 40, high: 60 };
    const of = series([day(0, 50, { forecast })], {
      ahead: [1, 2].map((i) => ({ date: date(i), forecast })),
    });
    const { html, twin } = draw(of);
    const plot = html.slice(html.indexOf('class="plot"'));
    const edges = withClass(plot, 'band-e').map(({ attributes }) =>
      pointsOf(attributes['d'] ?? ''),
    );
    expect(edges.map((edge) => edge.flat().length)).toEqual([3, 3]);
    expect(twin.columns.map(({ key }) => key)).toEqual([
      ...['date', 'active', 'expected', 'low', 'high', 'note'],
    ]);
    expect(twin.rows[2]?.map(({ text }) => text)).toEqual([
      ...['Thu 3 Sept', '', '50', '40', '60', 'forecast'],
    ]);
  });

  it('links numbered flags and releases, and notes both in the table', () => {
    const { html, twin } = draw(
      series([day(0, 20), day(1, 80), day(2, 20)], {
        flags: [{ date: date(1), href: '/day' }],
        releases: [
          { date: date(1), version: '2.0.0', href: '/a' },
          { date: date(1), version: '2.0.1', href: '/b' },
          { date: '2020-01-01', version: '0.1.0', href: '/c' },
        ],
      }),
    );
    const links = elementsOf(html).filter(({ name }) => name === 'a');
    expect(links.map(({ attributes }) => attributes['href'])).toEqual(['/b', '/day']);
    expect(links[1]?.attributes['aria-label']).toBe('1: Wed 2 Sept');
    expect(twin.rows[1]?.at(-1)?.text).toBe('outside the band, 2.0.0 and 2.0.1 released');
  });

  it('leads from the row of a flagged day to the day', () => {
    const of = series([day(0, 20), day(1, 80)], { flags: [{ date: date(1), href: '/day' }] });
    expect(dayHrefs(of)).toEqual([undefined, '/day']);
  });

  it('draws the days compared with as a line of their own, which the table has, too', () => {
    const { html, twin } = draw(
      series([day(0, 20, { compared: 10 }), day(1, 20, { compared: 15 })]),
    );
    const plot = html.slice(html.indexOf('class="plot"'));
    const [line] = pointsOf(withClass(plot, 'compared')[0]?.attributes['d'] ?? '');
    // Half and three quarters of the way to the uppermost line, which is at 20.
    expect(line?.map(([, y]) => y)).toEqual([135, 79.5]);
    expect(twin.rows.map((row) => row[2]?.text)).toEqual(['10', '15']);
  });

  it('speaks the row of the cursor, and says in a sentence what it shows', () => {
    const { html } = draw(series([day(0, 20), day(1, 80), day(2, 7, { complete: false })]));
    const slider = elementsOf(html).find(({ attributes }) => attributes['role'] === 'slider');
    expect(slider?.attributes['aria-valuetext']).toBe('Thu 3 Sept, Active 7, Note day not over');
    expect(slider?.attributes['aria-valuemax']).toBe('2');
    const image = elementsOf(html).find(({ attributes }) => attributes['role'] === 'img');
    expect(image?.attributes['aria-label']).toBe(
      'Active people a day, 2 days from 1 Sept to 2 Sept: between 20 and 80. Today so far: 7.',
    );
  });

  it.each<[string, DaySeries]>([
    ['nothing', series([])],
    ['one running day', series([day(0, 3, { complete: false })])],
    ['one point', series([day(0, 3)])],
    ['all zero', series(Array.from({ length: 30 }, (_, i) => day(i, 0)))],
    ['400 days', series(Array.from({ length: 400 }, (_, i) => day(i, i % 11)))],
    ['a spike', series(Array.from({ length: 30 }, (_, i) => day(i, i === 9 ? 1e6 : 1e3)))],
    ['all hidden', series(Array.from({ length: 5 }, (_, i) => day(i, 'few')))],
  ])('draws %s without a value that is no number or outside the plot', (_, of) => {
    for (const tag of ['en', 'zh'] as const) {
      const { html } = draw(of, tag);
      expect(html).not.toMatch(/NaN|Infinity|undefined|style=/);
      for (const [, y] of linePoints(html).flat()) {
        expect(y).toBeGreaterThanOrEqual(24);
        expect(y).toBeLessThanOrEqual(246);
      }
    }
  });

  it('shows one point as a ring, since a line through it would not be seen', () => {
    const { html } = draw(series([day(0, 3)]));
    expect(withClass(html, 'pt')).toHaveLength(1);
  });
});
