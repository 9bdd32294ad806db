import { render } from 'preact-render-to-string';
import { describe, expect, it } from 'vitest';
import { rampStep, rampSteps } from '../../../web/charts/ramp.js';
import { RetentionCurves, retentionCurvesTwin } from '../../../web/charts/retention-curves.js';
import { RetentionTriangle } from '../../../web/charts/retention-triangle.js';
import { type RetentionSeries, retentionTwin } from '../../../web/charts/retention.js';
import { languageOf } from '../../../web/language/language.js';
import { textsOf, withClass } from './parse-svg.js';

const language = languageOf('en');

const series: RetentionSeries = {
  period: 'week',
  leastShown: 10,
  cohorts: [
    {
      date: '2026-08-31',
      people: 900,
      cells: [
        { share: 0.44, complete: true },
        { share: 0.3, complete: true },
        { share: 0.12, complete: false },
      ],
    },
    {
      date: '2026-09-07',
      people: 'few',
      cells: [
        { share: null, complete: true },
        { share: 0.2, complete: false },
      ],
    },
  ],
};

const triangle = (of: RetentionSeries): string =>
  render(
    <RetentionTriangle
      series={of}
      twin={retentionTwin(of, 'By cohort', language)}
      csvHref="?csv"
      viewHref="?view"
    />,
  );

describe('RetentionTriangle', () => {
  it('prints the share in each cell, darker the more came again', () => {
    const html = triangle(series);
    expect(withClass(html, 'q6')).toHaveLength(1);
    expect(withClass(html, 'q0')).toHaveLength(1);
    expect(textsOf(html, 'td')).toEqual([
      ...['900', '44%', '30%', '12% week runs', 'fewer than 10', '&lt;10', '20% week runs'],
    ]);
  });

  it('hatches what runs, and what is too few the other way', () => {
    const html = triangle(series);
    expect(withClass(html, 'inc')).toHaveLength(2);
    expect(withClass(html, 'few')).toHaveLength(1);
  });

  it('has the same in its twin', () => {
    const { rows } = retentionTwin(series, 'By cohort', language);
    expect(rows[1]?.map(({ text }) => text)).toEqual([
      ...['7 Sept', 'fewer than 10', 'fewer than 10', '20%, week runs', ''],
    ]);
    expect(rows[1]?.map(({ value }) => value)).toEqual(['2026-09-07', null, null, null, null]);
  });

  it('says so when there is no cohort', () => {
    expect(triangle({ ...series, cohorts: [] })).toContain('Nothing in this range');
  });
});

describe('rampSteps', () => {
  it('divides the shares into seven steps of whole per cent', () => {
    const shares = [0.22, 0.3, 0.41, 0.45];
    const steps = rampSteps(shares);
    expect(steps).toHaveLength(6);
    expect(rampStep(0.22, steps)).toBe(0);
    expect(shares.map((share) => rampStep(share, steps)).every((step) => step <= 6)).toBe(true);
    expect(steps.every((step) => Number.isInteger(Math.round(step * 1e6) / 1e4))).toBe(true);
  });

  it('has six different steps even if all shares are equal or there is none', () => {
    expect(new Set(rampSteps([0.3, 0.3])).size).toBe(6);
    expect(new Set(rampSteps([])).size).toBe(6);
  });
});

describe('RetentionCurves', () => {
  it('ends a line where it is no longer known, and names it with its last share', () => {
    const curves = {
      period: 'week' as const,
      lines: [
        { name: 'all', slot: 1 as const, shares: [1, 0.5, 0.4] },
        { name: 'npx', slot: 2 as const, shares: [1, 0.2, null] },
      ],
    };
    const twin = retentionCurvesTwin(curves, 'Curve', language);
    const html = render(<RetentionCurves series={curves} twin={twin} />);
    expect(withClass(html.slice(html.indexOf('class="plot"')), 'pt')).toHaveLength(5);
    const right = textsOf(html.slice(html.indexOf('role="slider"')), 'text');
    expect(right).toEqual(['all 40%', 'npx 20%']);
    expect(twin.rows[2]?.map(({ text }) => text)).toEqual(['2', '40.0%', 'not known']);
  });
});
