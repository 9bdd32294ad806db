import { adoptionTwin, type AdoptionLine } from '../charts/adoption-curves.js';
import { sharesTwin, type StackedSeries } from '../charts/shares.js';
import { supportTwin, type SupportStep } from '../charts/support-twin.js';
import { type Slot, versionSlots } from '../charts/version-slots.js';
import type { Language } from '../language/language.js';
import type { Twin } from '../page/twin.js';
import type { VersionsContent } from '../page/versions-content.js';

/** Versions whose adoption is shown: those that came last. */
const MOST_CURVES = 3;
/** Days of a curve at most. */
const MOST_DAYS = 60;

/** What the charts of the page of versions are drawn from. */
export interface VersionCharts {
  readonly slotOf: (version: string) => Slot;
  readonly stacked: StackedSeries;
  readonly stackedTwin: Twin;
  readonly steps: readonly SupportStep[];
  readonly supportTwin: Twin;
  readonly lines: readonly AdoptionLine[];
  readonly adoptionTwin: Twin;
}

/** @param rowOf - The address of a version in the table of all. */
export function versionCharts(
  content: VersionsContent,
  language: Language,
  rowOf: (version: string) => string = () => '',
): VersionCharts {
  const { texts } = language;
  const { days, support } = content;
  const slotOf = versionSlots(content.known);
  const stacked: StackedSeries = {
    dates: days.dates,
    series: days.series.map(({ version, shares }) => ({
      ...{ name: version, shares, slot: slotOf(version) },
    })),
    releases: days.releases.map(({ date, version }) => ({ date, version, href: rowOf(version) })),
    lastIsRunning: days.lastIsRunning,
  };
  const named = namedPeople(support);
  const steps = support.rows.flatMap(({ version, shareFromHere, peopleFromHere }) =>
    shareFromHere === null || peopleFromHere === null
      ? []
      : {
          ...{ version, share: shareFromHere, people: peopleFromHere },
          leftBehind: named - peopleFromHere,
        },
  );
  const lines = adoptionLines(content, slotOf);
  return {
    ...{ slotOf, stacked, steps, lines },
    stackedTwin: sharesTwin(stacked, texts.versions.byDay, language),
    supportTwin: supportTwin(steps, texts.versions.support, language),
    adoptionTwin: adoptionTwin(lines, texts.versions.adoption, language),
  };
}

/** The people on the versions that are named, by the oldest of them: of all others nobody knows the order. */
export const namedPeople = ({ rows }: VersionsContent['support']): number =>
  Math.max(0, ...rows.flatMap(({ peopleFromHere }) => peopleFromHere ?? []));

/** The share on each of the latest versions or a later one, from the day it was first seen. */
function adoptionLines(
  { days, support }: VersionsContent,
  slotOf: (version: string) => Slot,
): readonly AdoptionLine[] {
  const order = support.rows.map(({ version }) => version);
  return support.rows
    .filter(
      ({ version, firstDate }) =>
        slotOf(version) !== 0 && firstDate !== null && days.dates.includes(firstDate),
    )
    .toSorted((a, b) => ((a.firstDate ?? '') < (b.firstDate ?? '') ? 1 : -1))
    .slice(0, MOST_CURVES)
    .reverse()
    .map(({ version, firstDate, daysToHalf }) => {
      const newer = new Set(order.slice(0, order.indexOf(version) + 1));
      const first = days.dates.indexOf(firstDate ?? '');
      const last = days.dates.length - (days.lastIsRunning ? 1 : 0);
      const shares = days.dates.slice(first, Math.min(last, first + MOST_DAYS)).map((_, at) => {
        const known = days.series.flatMap((one) =>
          newer.has(one.version) ? (one.shares[first + at] ?? []) : [],
        );
        return known.length === 0
          ? null
          : Math.min(
              1,
              known.reduce((sum, share) => sum + share, 0),
            );
      });
      return { name: version, slot: slotOf(version), shares, daysToHalf };
    })
    .filter(({ shares }) => shares.length > 0);
}
