import { render } from 'preact-render-to-string';
import { describe, expect, it } from 'vitest';
import { ChartFoot } from '../../../web/charts/chart-foot.js';
import type { Twin } from '../../../web/page/twin.js';
import { elementsOf, textsOf } from './parse-svg.js';

const twin: Twin = {
  id: 'active-by-day',
  name: 'Active by day',
  columns: [
    { key: 'date', name: 'Day' },
    { key: 'active', name: 'Active' },
  ],
  rows: [
    [
      { value: '2026-10-14', text: 'Wed 14 Oct' },
      { value: 1260, text: '1,260' },
    ],
    [
      { value: '2026-10-15', text: 'Thu 15 Oct' },
      { value: null, text: 'fewer than 10' },
    ],
  ],
};

describe('ChartFoot', () => {
  it('shows each cell of the twin, and leads to the CSV, the view and the days', () => {
    const html = render(
      <ChartFoot twin={twin} csvHref="?csv=a" viewHref="?x#a" rowHrefs={['/day/1', undefined]} />,
    );
    expect(textsOf(html, 'th')).toEqual(['Day', 'Active', 'Wed 14 Oct', 'Thu 15 Oct']);
    expect(textsOf(html, 'td')).toEqual(['1,260', 'fewer than 10']);
    const links = elementsOf(html).filter(({ name }) => name === 'a');
    expect(links.map(({ attributes }) => attributes['href'])).toEqual([
      ...['/day/1', '?csv=a', '?x#a'],
    ]);
  });
});
