import { describe, expect, it } from 'vitest';
import { forecastWarnings, qualityWarnings } from '../../src/morning/find-warnings.js';
import type { ForecastAnswer, QualityAnswer } from '../../src/morning/morning-answers.js';

const quality = (more: Partial<QualityAnswer> = {}): QualityAnswer => ({
  accepted: 1000,
  uncountable: 0,
  lost_in_restore: 0,
  unknown_losses: 0,
  rejected: {},
  full_places: [],
  ...more,
});

const kinds = (recent: QualityAnswer, usual = quality()): readonly string[] =>
  qualityWarnings(recent, usual).map(({ kind }) => kind);

describe('what the quality of the last days tells', () => {
  it('is nothing on an ordinary morning', () => {
    expect(kinds(quality({ rejected: { rate_limited: 2 } }))).toEqual([]);
    expect(kinds(quality({ accepted: 0 }), quality({ accepted: 0 }))).toEqual([]);
  });

  it.each([
    ['ten of a thousand and more are refused', 990, 10, 0, true],
    ['fewer than ten are', 20, 9, 0, false],
    ['fewer than one in a hundred is', 100_000, 500, 0, false],
    ['usually a third as many are', 970, 30, 10, false],
    ['usually fewer than a third as many are', 960, 40, 10, true],
    ['everything is', 0, 50, 0, true],
  ])('is refusals if %s', (_name, accepted, refused, usually, isTold) => {
    const recent = quality({ accepted, rejected: { rate_limited: refused } });
    const usual = quality({ accepted: 990, rejected: usually === 0 ? {} : { too_large: usually } });
    expect(kinds(recent, usual)).toEqual(isTold ? ['refused'] : []);
  });

  it('names the share, the usual one, and the reason of most', () => {
    const recent = quality({ accepted: 900, rejected: { too_large: 20, rate_limited: 80 } });
    const [warning] = qualityWarnings(recent, quality({ rejected: { too_large: 2 } }));
    expect(warning?.text).toContain('10.0 % of all reports were refused, usually 0.2 %');
    expect(warning?.text).toContain('most with rate_limited');
  });

  it('is what was lost, with its number where that is known', () => {
    expect(qualityWarnings(quality({ lost_in_restore: 7 }), quality())[0]?.text).toContain(
      'lost 7 ',
    );
    const unknown = qualityWarnings(quality({ lost_in_restore: 7, unknown_losses: 1 }), quality());
    expect(unknown[0]?.text).toContain('an unknown number of reports');
    expect(kinds(quality({ uncountable: 1 }))).toEqual(['losses']);
  });

  it('is what is nearly full', () => {
    const place = { project: 'acme-cli', dimension: 'version' };
    const [warning] = qualityWarnings(quality({ full_places: [place, place] }), quality());
    expect(warning).toMatchObject({
      kind: 'full',
      text: expect.stringMatching(/: version\.$/) as string,
    });
  });
});

describe('what the forecast tells', () => {
  const day = (date: string, more: object): ForecastAnswer['rows'][number] => ({
    ...{ date, low: 90, high: 110, observed: 100, flags: [], reasons: [] },
    ...more,
  });

  it('begins with days on which counting is the likelier reason', () => {
    const text = 'Far more reports than usual are refused with rate_limited';
    const warnings = forecastWarnings({
      rows: [
        day('2026-11-20', { flags: ['high'], observed: 130 }),
        day('2026-11-21', {}),
        day('2026-11-22', { flags: ['unusual'] }),
        day('2026-11-23', {
          flags: ['low'],
          observed: 20,
          reasons: [{ kind: 'counting_problem', text }],
        }),
      ],
    });
    expect(warnings).toEqual([
      {
        kind: 'counting',
        text: `2026-11-23 is low: 20 people; 90 to 110 were expected. ${text}.`,
      },
      { kind: 'people', text: '2026-11-20 is high: 130 people; 90 to 110 were expected.' },
    ]);
  });
});
