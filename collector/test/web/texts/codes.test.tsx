import { render } from 'preact-render-to-string';
import { describe, expect, it } from 'vitest';
import { ERRORS } from '../../../src/errors.js';
import { problemOf } from '../../../src/dashboard/problem-of.js';
import { CAUSE_CODES } from '../../../src/health/causes.js';
import { CONDITION_NAMES } from '../../../src/health/conditions.js';
import { REASON_CODES } from '../../../src/stats/describe-reason.js';
import { CausesText } from '../../../web/frame/causes-text.js';
import { causeText } from '../../../web/language/cause-text.js';
import { LanguageContext, languageOf } from '../../../web/language/language.js';
import { LANGUAGES } from '../../../web/language/language-tags.js';

describe.each(LANGUAGES)('the texts of %s', (tag) => {
  const { texts } = languageOf(tag);

  it('word every code of /health', () => {
    expect(Object.keys(texts.causes).sort()).toEqual([...CAUSE_CODES].sort());
    expect(Object.keys(texts.system.conditions).sort()).toEqual([...CONDITION_NAMES].sort());
  });

  it('word every code of /v1/stats/forecast, but values, which have figures of their own', () => {
    const codes = REASON_CODES.filter((code) => code !== 'values');
    expect(Object.keys(texts.overview.reasons).sort()).toEqual([...codes].sort());
  });

  it('say what happened and what to do of every problem of the API', () => {
    const { title, lead } = texts.problem;
    for (const [code, { status }] of Object.entries(ERRORS)) {
      const problem = problemOf({ code, status });
      expect([code, title[problem], lead[problem]]).toEqual([
        code,
        expect.stringMatching(/\S/),
        expect.stringMatching(/\S/),
      ]);
    }
  });
});

describe('what is wrong with a part', () => {
  const shown = (tag: (typeof LANGUAGES)[number], code: string, values = {}): string =>
    render(
      <LanguageContext.Provider value={languageOf(tag)}>
        <CausesText
          causes={[{ code, values, text: causeText({ code, values }, languageOf(tag), 'UTC') }]}
        />
      </LanguageContext.Provider>,
    ).trim();

  it('has its figures as the language writes them', () => {
    expect(shown('en', 'disk_used', { percent: 91.25 })).toBe('91.3% of the disk is used.');
    expect(shown('zh', 'disk_used', { percent: 91.25 })).toBe('磁盘已用 91.3%。');
    expect(shown('en', 'backup_old', { at: '2026-11-20T08:00:00.000Z' })).toMatch(
      /20 November 2026/,
    );
  });

  it('quotes what another program has said as English', () => {
    const error = 'EACCES';
    expect(shown('zh', 'does_not_work', { error })).toMatch(
      /^无法工作。 .*<span lang="en">EACCES<\/span>$/,
    );
    expect(shown('zh', 'does_not_work', { error: null })).toBe('无法工作。');
  });
});
