import { render } from 'preact-render-to-string';
import { describe, expect, it } from 'vitest';
import { SupportCurve } from '../../../web/charts/support-curve.js';
import { type SupportStep, supportTwin } from '../../../web/charts/support-twin.js';
import { languageOf } from '../../../web/language/language.js';
import { elementsOf, numberOf, textsOf, withClass } from './parse-svg.js';

const step = (version: string, share: number): SupportStep => ({
  version,
  share,
  people: share * 1000,
  leftBehind: 1000 - share * 1000,
});
const STEPS = [step('2.1.0', 0.5), step('2.0.0', 0.75), step('1.0.0', 1)];

const draw = (steps: readonly SupportStep[], chosen: string): string =>
  render(
    <SupportCurve steps={steps} chosen={chosen} hrefOf={(version) => `?support=${version}`} />,
  );

describe('SupportCurve', () => {
  it('says what the chosen version covers and leaves behind', () => {
    const html = draw(STEPS, '2.0.0');
    expect(textsOf(html, 'output')).toEqual([
      'Support 2.0.0 and newer: covers 75.0% of people, 250 would be left behind.',
    ]);
    const slider = elementsOf(html).find(({ attributes }) => attributes['type'] === 'range');
    expect(slider?.attributes).toMatchObject({
      ...{ min: '0', max: '2', value: '1', 'aria-valuetext': '2.0.0 and newer' },
    });
  });

  it('draws bars in proportion, those not supported in grey, each a link', () => {
    const html = draw(STEPS, '2.0.0');
    const heights = [...withClass(html, 'f1'), ...withClass(html, 'f0')].map((bar) =>
      numberOf(bar, 'height'),
    );
    expect(heights).toHaveLength(3);
    expect((heights[0] ?? 0) / (heights[2] ?? 1)).toBeCloseTo(0.5, 2);
    expect((heights[1] ?? 0) / (heights[2] ?? 1)).toBeCloseTo(0.75, 2);
    const links = elementsOf(html).filter(({ name }) => name === 'a');
    expect(links.map(({ attributes }) => attributes['href'])).toContain('?support=1.0.0');
  });

  it('draws a thousand versions as two areas', () => {
    const steps = Array.from({ length: 1000 }, (_, i) => step(`1.${1000 - i}.0`, (i + 1) / 1000));
    const html = draw(steps, '1.500.0');
    expect(elementsOf(html).filter(({ name }) => name === 'path')).toHaveLength(2);
    expect(html.length).toBeLessThan(60_000);
  });

  it('starts with the newest if the chosen version is unknown, and draws nothing of nothing', () => {
    expect(draw(STEPS, '9.9.9')).toContain('2.1.0 and newer');
    expect(draw([], '')).not.toMatch(/NaN|undefined|type="range"/);
  });

  it('has a row for each version', () => {
    const { rows } = supportTwin(STEPS, 'Support', languageOf('en'));
    expect(rows[1]?.map(({ text }) => text)).toEqual(['2.0.0', '75.0%', '750', '250']);
  });
});
