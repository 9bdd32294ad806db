import { type DaySeries, dayTwin } from '../../charts/day-twin.js';
import { type GrowthSeries, growthTwin } from '../../charts/growth-twin.js';
import { partsTwin } from '../../charts/parts-twin.js';
import type { SharedPart } from '../../charts/share-bar.js';
import type { Slot } from '../../charts/version-slots.js';
import { versionSlots } from '../../charts/version-slots.js';
import type { Language } from '../../language/language.js';
import type {
  ActiveDays,
  GrowthPeriods,
  OverviewContent,
  VersionsNow,
} from '../../page/overview-content.js';
import type { Twin } from '../../page/twin.js';

/** The URL of the page with a day opened. */
export type HrefOfDay = (date: string) => string;

export const activeSeries = (active: ActiveDays, hrefOfDay: HrefOfDay): DaySeries => ({
  days: active.days.map(({ date, people, isOver, forecast, compared }) => ({
    ...{ date, active: people, complete: isOver, forecast },
    ...(compared !== undefined && { compared }),
  })),
  ahead: [],
  flags: active.flagged
    .filter(({ date }) => active.days.some((day) => day.date === date))
    .map(({ date }) => ({ date, href: hrefOfDay(date) })),
  releases: active.releases.map((release) => ({ ...release, href: hrefOfDay(release.date) })),
  leastShown: 1,
});

export const growthSeries = ({ period, periods }: GrowthPeriods): GrowthSeries => ({
  period,
  periods: periods.map((one) => ({
    ...{ date: one.date, active: one.active, new: one.new, cameBack: one.cameBack, lost: one.lost },
    change: one.before === 0 ? null : one.active / one.before - 1,
    complete: one.isOver,
  })),
  leastShown: 1,
});

/** The parts of the bar of versions, each with its colour. */
export function versionParts(
  { parts, known }: VersionsNow,
  { texts }: Language,
): readonly SharedPart[] {
  const slotOf = versionSlots(known);
  return parts.map(({ version, people, share }) => ({
    ...{ name: version ?? texts.charts.other, people, share },
    slot: version === null ? (0 satisfies Slot) : slotOf(version),
  }));
}

/** The tables of the charts of the page. */
export function overviewTwins(
  { active, growth, versions }: Pick<OverviewContent, 'active' | 'growth' | 'versions'>,
  language: Language,
): readonly Twin[] {
  const { overview: words } = language.texts;
  return [
    ...(active.state === 'shown'
      ? [
          dayTwin(
            activeSeries(active.value, () => ''),
            words.active,
            language,
          ),
        ]
      : []),
    ...(growth.state === 'shown'
      ? [growthTwin(growthSeries(growth.value), words.growth, language)]
      : []),
    ...(versions.state === 'shown'
      ? [
          partsTwin(
            versionParts(versions.value, language),
            1,
            { id: 'versions-now', name: words.versions, column: words.version },
            language,
          ),
        ]
      : []),
  ];
}
