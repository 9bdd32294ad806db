import type { VNode } from 'preact';
import { Failed, PartRow } from '../frame/part-row.js';
import { RangeBar } from '../frame/range-bar.js';
import { useLanguage } from '../language/language.js';
import { ActiveSection } from './overview/active-section.js';
import { ChangesSection } from './overview/changes-section.js';
import { GrowthSection } from './overview/growth-section.js';
import { HeadlineSection } from './overview/headline-section.js';
import { OpenedDaySection } from './overview/opened-day-section.js';
import { StatusLine } from './overview/status-line.js';
import { VersionsSection } from './overview/versions-section.js';
import type { OverviewContent } from '../page/overview-content.js';
import { usePage } from '../page/use-page.js';

/** What is looked at in the morning: readable in ten seconds, from top to bottom. */
export function OverviewPage({ content }: { readonly content: OverviewContent }): VNode {
  const { texts, formats } = useLanguage();
  const { frame, hrefOfPage } = usePage();
  const { view, headline, active, growth, opened } = content;
  const { overview: words } = texts;
  const days = active.state === 'shown' ? active.value.days.length : 0;
  return (
    <>
      <StatusLine status={content.status} />
      {headline.state === 'shown' && <HeadlineSection headline={headline.value} view={view} />}
      {headline.state === 'failed' && <Failed part={headline} />}
      <RangeBar view={view} compares />
      <PartRow
        name={words.active}
        unit={days > 0 ? words.activeUnit(formats.number(days)) : undefined}
        id="active-by-day"
        part={active}
      >
        {(value) => <ActiveSection active={value} />}
      </PartRow>
      {opened !== null && <OpenedDaySection opened={opened} />}
      <PartRow
        name={words.growth}
        unit={growth.state === 'shown' ? words.growthUnit[growth.value.period] : undefined}
        id="growth"
        part={growth}
      >
        {(value) => <GrowthSection growth={value} />}
      </PartRow>
      <PartRow
        name={words.versions}
        unit={words.versionsUnit}
        id="versions-now"
        more={
          frame.pages.includes('versions') ? (
            <a href={hrefOfPage('versions')}>{words.allVersions}</a>
          ) : undefined
        }
        part={content.versions}
      >
        {(value) => <VersionsSection versions={value} />}
      </PartRow>
      <PartRow name={words.changes} unit={words.changesUnit} part={content.changes}>
        {(value) => <ChangesSection changes={value} />}
      </PartRow>
    </>
  );
}
