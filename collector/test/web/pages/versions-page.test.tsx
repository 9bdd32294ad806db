import { render } from 'preact-render-to-string';
import { describe, expect, it } from 'vitest';
import { languageOf } from '../../../web/language/language.js';
import type { Frame } from '../../../web/page/page.js';
import { PageContext, pageContext } from '../../../web/page/use-page.js';
import type { VersionRow, VersionsContent } from '../../../web/page/versions-content.js';
import { VersionsPage, versionsTwins } from '../../../web/pages/versions-page.js';

const FRAME: Frame = {
  ...{ language: 'en', theme: 'auto', basePath: '/stats', path: '/p/acme-cli/versions' },
  ...{ query: {}, origin: 'https://stats.acme.dev', project: 'acme-cli', isInvented: false },
  ...{
    pages: ['versions'],
    hasPublicPage: false,
    level: 'administrator',
    callerLevel: 'administrator',
    callerName: null,
  },
  ...{ formKey: null, asOf: '2026-11-22T20:00:00Z', timezone: 'UTC' },
  ...{ madeAt: '2026-11-22T20:00:00Z', version: '2.0.0', clock: 'UTC' },
  ...{ projects: [], isPublicPage: false },
};

const row = (version: string, changes: Partial<VersionRow> = {}): VersionRow => ({
  ...{ version, people: 10, share: 0.5, peopleFromHere: 10, shareFromHere: 0.5 },
  ...{ firstDate: null, daysToHalf: null, halfLifeDays: null, isEnded: false },
  ...changes,
});

const CONTENT: VersionsContent = {
  page: 'versions',
  view: {
    ...{ range: '7d', from: '2026-11-19', to: '2026-11-22', today: '2026-11-22' },
    compare: 'weekdays',
  },
  grouping: 'patch',
  known: ['1.0.0', '2.0.0'],
  days: {
    dates: ['2026-11-19', '2026-11-20', '2026-11-21', '2026-11-22'],
    lastIsRunning: true,
    series: [
      { version: '2.1.0', shares: [0, 0, 0.25, 0.25] },
      { version: '2.0.0', shares: [0, 0.25, 0.25, 0.25] },
      { version: '1.0.0', shares: [1, 0.75, 0.5, 0.5] },
    ],
    releases: [{ date: '2026-11-20', version: '2.0.0' }],
    mergedBelow: null,
  },
  support: {
    ...{ isRough: false, windowDays: 28, total: 20, leftOut: 0 },
    rows: [
      row('2.1.0', { people: 5, peopleFromHere: 5, shareFromHere: 0.25 }),
      row('2.0.0', { firstDate: '2026-11-20', daysToHalf: 1 }),
      row('1.0.0', { peopleFromHere: 20, shareFromHere: 1 }),
    ],
  },
  fromVersion: null,
  ...{ find: null, found: null },
  showsAll: false,
};

const show = (content: VersionsContent): string =>
  render(
    <PageContext.Provider value={pageContext(FRAME)}>
      <VersionsPage content={content} />
    </PageContext.Provider>,
  );

const tableOf = (content: VersionsContent, id: string) =>
  versionsTwins(content, languageOf('en'))
    .find((twin) => twin.id === id)
    ?.rows.map((cells) => cells.map(({ value }) => value));

describe('the page on versions', () => {
  it('counts the adoption of a version from its first day, with those that came later', () => {
    // The day that runs is not over, and is not in it.
    expect(tableOf(CONTENT, 'adoption')).toEqual([
      [0, 0.25],
      [1, 0.5],
    ]);
    expect(show(CONTENT)).toContain('2.0.0: 1 day');
  });

  it('supports nearly all without a say of the project, else what has not ended', () => {
    expect(show(CONTENT)).toContain('<b>1.0.0 and newer</b>');
    const rows = CONTENT.support.rows.map((one) =>
      one.version === '1.0.0' ? { ...one, isEnded: true } : one,
    );
    const ended = { ...CONTENT, support: { ...CONTENT.support, rows } };
    expect(show(ended)).toContain('<b>2.0.0 and newer</b>');
    expect(show(ended)).toContain('<span class="tag">no support</span>');
  });

  it('says that there are too many people for a support line, and shows the rest', () => {
    const rows = CONTENT.support.rows.map((one) => ({
      ...one,
      ...{ peopleFromHere: null, shareFromHere: null, firstDate: null, daysToHalf: null },
    }));
    const html = show({ ...CONTENT, support: { ...CONTENT.support, rows, isRough: true } });
    expect(html).toContain('too many people');
    expect(html).not.toContain('type="range"');
    expect(html.match(/<tr id="v-/g)).toHaveLength(3);
  });

  it('suggests no support line, nor whom it leaves behind, where many are under other', () => {
    // 80 of 100 people are on versions that are merged, or on none.
    const support = { ...CONTENT.support, total: 100, leftOut: 240 };
    const html = show({ ...CONTENT, support });
    expect(html).toContain('<b>2.1.0 and newer</b>, 15 on older ones. Not known of <b>80</b>:');
    expect(html).not.toContain('left behind');
    expect(html).not.toContain('covers');
    expect(html).toContain('240 under “other”');
    expect(tableOf({ ...CONTENT, support }, 'support')).toEqual([
      ['2.1.0', 0.25, 5, 15],
      ['2.0.0', 0.5, 10, 10],
      ['1.0.0', 1, 20, 0],
    ]);
  });

  it('shows what was found alone, in the CSV too, and says that nothing was', () => {
    const found = { ...CONTENT, find: '2.0', found: CONTENT.support.rows.slice(1, 2) };
    const html = show(found);
    expect(html.match(/<tr id="v-/g)).toHaveLength(1);
    expect(html).toContain('value="2.0"');
    expect(tableOf(found, 'versions')?.map(([version]) => version)).toEqual(['2.0.0']);
    expect(show({ ...CONTENT, find: '9.9', found: [] })).toContain('No version of these days');
  });

  it('links to other groupings below the base path', () => {
    expect(show(CONTENT)).toContain('href="/stats/p/acme-cli/versions?group=minor"');
  });
});
