import { render } from 'preact-render-to-string';
import { describe, expect, it } from 'vitest';
import { AdoptionCurves, adoptionTwin } from '../../../web/charts/adoption-curves.js';
import { spreadLabels } from '../../../web/charts/spread-labels.js';
import { timeAxis } from '../../../web/charts/time-axis.js';
import { timeLabels } from '../../../web/charts/time-labels.js';
import { TimeLines } from '../../../web/charts/time-lines.js';
import { type TimeSeries, timeTwin } from '../../../web/charts/time-series.js';
import { languageOf } from '../../../web/language/language.js';
import { elementsOf, numberOf, pointsOf, withClass } from './parse-svg.js';

const language = languageOf('en');

describe('AdoptionCurves', () => {
  it('rings the day on which half was reached, upon the rule of half', () => {
    const lines = [
      { name: '2.0.0', slot: 1 as const, shares: [0.1, 0.5, 0.6], daysToHalf: 1 },
      { name: '2.1.0', slot: 2 as const, shares: [0.2], daysToHalf: null },
    ];
    const html = render(
      <AdoptionCurves lines={lines} twin={adoptionTwin(lines, 'Adoption', language)} />,
    );
    const rings = withClass(html, 'pt').filter(({ attributes }) => attributes['r'] === '4');
    expect(rings).toHaveLength(1);
    expect(numberOf(rings[0], 'cy')).toBe(numberOf(withClass(html, 'half-rule')[0], 'y1'));
    expect(numberOf(rings[0], 'cx')).toBeCloseTo(50);
    expect(html).toContain('2.0.0: 1 day<');
  });
});

describe('TimeLines', () => {
  const seriesOf = (
    values: readonly (number | null)[],
    more: Partial<TimeSeries> = {},
  ): TimeSeries => ({
    id: 'answer-time',
    name: 'Answer time',
    moments: values.map((_, i) => new Date(Date.UTC(2026, 8, 1, i)).toISOString()),
    zone: 'UTC',
    lines: [{ name: 'p50', key: 'p50_ms', slot: 1, values }],
    ...more,
  });
  const text = (value: number): string => `${value} ms`;
  const draw = (series: TimeSeries, isLogarithmic = false): string =>
    render(
      <TimeLines
        series={series}
        twin={timeTwin(series, text, language)}
        valueText={text}
        isLogarithmic={isLogarithmic}
      />,
    );

  it('leaves a gap where nothing was measured, and says the range', () => {
    const html = draw(seriesOf([2, 4, null, 6, 8]));
    const line = withClass(html, 'line')[0]?.attributes['d'] ?? '';
    expect(pointsOf(line).map((part) => part.length)).toEqual([2, 2]);
    expect(withClass(html, 'unknown')).toHaveLength(1);
    const image = elementsOf(html).find(({ attributes }) => attributes['role'] === 'img');
    expect(image?.attributes['aria-label']).toBe('Answer time: between 2 ms and 8 ms, now 8 ms.');
  });

  it('rules a limit at its height', () => {
    const html = draw(seriesOf([10, 20], { threshold: 20 }));
    const line = pointsOf(withClass(html, 'line')[0]?.attributes['d'] ?? '').flat();
    expect(numberOf(withClass(html, 'limit')[0], 'y1')).toBe(line[1]?.[1]);
  });

  it.each([[[]], [[5]], [[0, 0, 0]], [[null, null]], [[1, 1e6, 1]]])('draws %j', (values) => {
    for (const isLogarithmic of [false, true]) {
      expect(draw(seriesOf(values), isLogarithmic)).not.toMatch(/NaN|Infinity|undefined|style=/);
    }
  });
});

describe('timeLabels', () => {
  const hours = (count: number): string[] =>
    Array.from({ length: count }, (_, i) => new Date(Date.UTC(2026, 8, 1, i)).toISOString());

  it('tells times within a day', () => {
    const labels = timeLabels(hours(24), 'Europe/Berlin', language.formats, false);
    expect(labels[0]?.text).toBe('02:00');
    expect(labels.every(({ text }) => text.endsWith(':00'))).toBe(true);
  });

  it('tells days of the zone over a week, each once and at its first hour', () => {
    const labels = timeLabels(hours(24 * 7), 'Europe/Berlin', language.formats, false);
    expect(labels[0]).toMatchObject({ text: '2 Sept', slot: 22 });
    expect(new Set(labels.map(({ text }) => text)).size).toBe(labels.length);
  });

  it('labels nothing of nothing', () => {
    expect(timeLabels([], 'UTC', language.formats, true)).toEqual([]);
  });
});

describe('timeAxis', () => {
  it('goes up by ten times a step on a logarithmic axis', () => {
    const { ticks, y } = timeAxis([2, 80], 190, true);
    expect(ticks).toEqual([1, 10, 100]);
    expect(y(1) - y(10)).toBeCloseTo(y(10) - y(100));
    expect(y(0)).toBe(y(1));
  });
});

describe('spreadLabels', () => {
  it('moves labels apart, in their order, within the plot', () => {
    const places = spreadLabels([100, 101, 102, 200], 24, 200);
    expect([...places].sort((a, b) => a - b)).toEqual(places);
    places.slice(1).forEach((place, i) => {
      expect(place - (places[i] ?? 0)).toBeGreaterThanOrEqual(14);
    });
    expect(places.at(-1)).toBeLessThanOrEqual(200);
  });
});
