import { render } from 'preact-render-to-string';
import { describe, expect, it } from 'vitest';
import { PartBar } from '../../../web/charts/part-bar.js';
import { partWidths } from '../../../web/charts/part-widths.js';
import { ShareBar } from '../../../web/charts/share-bar.js';
import { ShareCell } from '../../../web/charts/share-cell.js';
import { elementsOf, numberOf, withClass } from './parse-svg.js';

describe('partWidths', () => {
  it('fills the bar with the parts and the gaps between them', () => {
    const widths = partWidths([500, 300, 0, 200], 0.01);
    expect(widths.reduce((sum, { width }) => sum + width, 0) + 2 * 0.01).toBeCloseTo(1);
    expect((widths[0]?.width ?? 0) / (widths[1]?.width ?? 1)).toBeCloseTo(5 / 3);
    expect(widths[3]?.x).toBeCloseTo(1 - (widths[3]?.width ?? 0));
  });

  it('leaves a part of one among a million to be seen', () => {
    expect(partWidths([1e6, 1], 0.0025)[1]?.width).toBeGreaterThan(0.002);
  });

  it('has no width for nothing', () => {
    expect(partWidths([0, 0], 0.01).map(({ width }) => width)).toEqual([0, 0]);
  });
});

describe('PartBar', () => {
  it('says each part, with a texture for each', () => {
    const names = ['certain', 'likely', 'ephemeral'];
    const parts = [11900, 800, 'few' as const].map((people, i) => ({
      name: names[i] ?? '',
      people,
      share: null,
      help: '',
    }));
    const html = render(<PartBar parts={parts} leastShown={10} />);
    expect(elementsOf(html)[0]?.attributes['aria-label']).toMatch(
      /^certain 11,900, likely 800,? and ephemeral fewer than 10$/,
    );
    expect(html.slice(0, html.indexOf('<ul'))).not.toContain('dots');
  });
});

describe('ShareBar', () => {
  it('draws no more than the whole and gives long names a title', () => {
    const name = 'v'.repeat(100);
    const html = render(
      <ShareBar
        parts={[
          { name, people: 60, share: 0.6, slot: 1 },
          { name: 'نسخة', people: 40, share: 0.4, slot: 2 },
        ]}
      />,
    );
    const bar = html.slice(0, html.indexOf('<ul'));
    const rects = elementsOf(bar).filter((element) => element.name === 'rect');
    const last = rects.at(-1);
    expect(numberOf(last, 'x') + numberOf(last, 'width')).toBeCloseTo(100, 1);
    expect(withClass(html, 'name').map((element) => element.attributes['title'])).toEqual([
      name,
      'نسخة',
    ]);
  });
});

describe('ShareCell', () => {
  it.each([
    [0.448, 44.8],
    [0, 0],
    [1.2, 100],
  ])('draws a share of %d as %d per cent', (share, width) => {
    expect(numberOf(withClass(render(<ShareCell share={share} />), 'f1')[0], 'width')).toBe(width);
  });

  it('hatches a share that is not shown', () => {
    const html = render(<ShareCell share={null} />);
    expect(withClass(html, 'unknown')).toHaveLength(1);
    expect(withClass(html, 'f1')).toHaveLength(0);
  });
});
