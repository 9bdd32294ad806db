import { render } from 'preact-render-to-string';
import { describe, expect, it } from 'vitest';
import { GrowthChart } from '../../../web/charts/growth-chart.js';
import {
  type GrowthPeriod,
  type GrowthSeries,
  growthTwin,
} from '../../../web/charts/growth-twin.js';
import { languageOf } from '../../../web/language/language.js';
import { numberOf, textsOf, withClass } from './parse-svg.js';

const week = (i: number, more: Partial<GrowthPeriod> = {}): GrowthPeriod => ({
  date: new Date(Date.UTC(2026, 8, 7 + 7 * i)).toISOString().slice(0, 10),
  active: 900,
  new: 200,
  cameBack: 100,
  lost: 150,
  change: 0.2,
  complete: true,
  ...more,
});

function draw(periods: readonly GrowthPeriod[]) {
  const series: GrowthSeries = { period: 'week', periods, leastShown: 10 };
  const twin = growthTwin(series, 'Growth', languageOf('en'));
  const html = render(<GrowthChart series={series} twin={twin} />);
  return { html, plot: html.slice(html.indexOf('class="plot"')), twin };
}

describe('GrowthChart', () => {
  it('draws bars in proportion: came back upon new, lost below zero', () => {
    const { plot } = draw([week(0)]);
    const [added, back, lost] = ['f1', 'back', 'f0'].map((name) => withClass(plot, name)[0]);
    expect(numberOf(back, 'height') / numberOf(added, 'height')).toBeCloseTo(0.5, 1);
    expect(numberOf(lost, 'height') / numberOf(added, 'height')).toBeCloseTo(0.75, 1);
    expect(numberOf(back, 'y') + numberOf(back, 'height')).toBeCloseTo(numberOf(added, 'y'), 0);
    expect(numberOf(lost, 'y')).toBeCloseTo(numberOf(added, 'y') + numberOf(added, 'height'), 0);
    expect(textsOf(plot, 'text')).toContain('+20.0%');
  });

  it('hatches the running week, without a change', () => {
    const { plot, twin } = draw([week(0), week(1, { complete: false, new: 50, change: -0.9 })]);
    expect(withClass(plot, 'hatch')).toHaveLength(1);
    expect(withClass(plot, 'f1')).toHaveLength(1);
    expect(plot).not.toContain('90.0%');
    expect(twin.rows[1]?.at(-1)).toEqual({ value: null, text: 'week runs' });
  });

  it('tells hidden counts from zero', () => {
    const { plot, twin } = draw([week(0, { new: 'few', cameBack: 'few', lost: 'few' })]);
    expect(withClass(plot, 'unknown')).toHaveLength(1);
    expect(twin.rows[0]?.[2]?.text).toBe('fewer than 10');
  });

  it.each([
    ['nothing', []],
    ['only losses', [week(0, { new: 0, cameBack: 0 })]],
    ['only zeros', [week(0, { new: 0, cameBack: 0, lost: 0, change: null })]],
    ['400 periods', Array.from({ length: 400 }, (_, i) => week(i))],
  ])('draws %s', (_, periods) => {
    expect(draw(periods).html).not.toMatch(/NaN|Infinity|undefined|style=/);
  });
});
