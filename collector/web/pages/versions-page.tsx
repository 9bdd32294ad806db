import type { VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { AdoptionCurves } from '../charts/adoption-curves.js';
import { ChartFoot } from '../charts/chart-foot.js';
import { StackedShares } from '../charts/stacked-shares.js';
import { SupportCurve } from '../charts/support-curve.js';
import type { SupportStep } from '../charts/support-twin.js';
import { RangeBar } from '../frame/range-bar.js';
import { Row } from '../frame/row.js';
import { Title } from '../frame/title.js';
import { type Language, useLanguage } from '../language/language.js';
import type { Twin } from '../page/twin.js';
import { usePage } from '../page/use-page.js';
import { VERSION_GROUPINGS, type VersionsContent } from '../page/versions-content.js';
import { namedPeople, versionCharts } from './version-charts.js';
import { FindVersion } from './find-version.js';
import { MOST_SHOWN, rowId, VersionsTable, versionsTwin } from './versions-table.js';

/** A slider with more steps would be too fine for a hand. */
const MOST_STEPS = 60;

/** Which versions people use, how fast they take them up, and which still need support. */
export function VersionsPage({ content }: { readonly content: VersionsContent }): VNode {
  const language = useLanguage();
  const { texts, formats } = language;
  const { href } = usePage();
  const { grouping, support, days } = content;
  const unknown = unknownPeople(content);
  const charts = versionCharts(content, language, (version) => `#${rowId(version)}`);
  const foot = (twin: Twin): VNode => (
    <ChartFoot twin={twin} csvHref={href({ csv: twin.id })} viewHref={`${href({})}#${twin.id}`} />
  );
  return (
    <>
      <Title title={texts.frame.pages.versions}>{leadOf(content, language)}</Title>
      <RangeBar view={content.view}>
        <div class="seg" role="group" aria-label={texts.versions.grouping}>
          {VERSION_GROUPINGS.map((one) => (
            <a
              key={one}
              href={href({ group: one === 'patch' ? undefined : one, from_version: undefined })}
              aria-current={one === grouping ? 'true' : undefined}
            >
              {texts.versions.groupings[one]}
            </a>
          ))}
        </div>
      </RangeBar>
      <Row
        name={texts.versions.byDay}
        unit={
          days.mergedBelow === null
            ? texts.versions.byDayUnit
            : `${texts.versions.byDayUnit}. ${texts.versions.merged(days.mergedBelow)}`
        }
        id={charts.stackedTwin.id}
      >
        <figure>
          <StackedShares stacked={charts.stacked} twin={charts.stackedTwin} />
          {foot(charts.stackedTwin)}
        </figure>
      </Row>
      <Row
        name={texts.versions.support}
        unit={texts.versions.supportUnit(support.windowDays)}
        id={charts.supportTwin.id}
      >
        {support.isRough ? (
          <p class="note">{texts.versions.tooMany}</p>
        ) : (
          <Support
            key={grouping}
            steps={charts.steps}
            twin={charts.supportTwin}
            first={content.fromVersion ?? suggestion(content, charts.steps)}
            unknown={unknown > 0 ? formats.number(unknown) : undefined}
          />
        )}
      </Row>
      <Row
        name={texts.versions.adoption}
        unit={texts.versions.adoptionUnit}
        id={charts.adoptionTwin.id}
      >
        {charts.lines.length === 0 ? (
          <p class="quiet">{texts.versions.noAdoption}</p>
        ) : (
          <figure>
            <AdoptionCurves lines={charts.lines} twin={charts.adoptionTwin} />
            {foot(charts.adoptionTwin)}
          </figure>
        )}
      </Row>
      <Row
        name={texts.versions.all}
        unit={texts.versions.allUnit(
          formats.number(support.rows.length + support.leftOut),
          support.windowDays,
        )}
      >
        {(content.find !== null || support.rows.length + support.leftOut > MOST_SHOWN) && (
          <FindVersion find={content.find} />
        )}
        <VersionsTable
          content={content}
          twin={versionsTwin(content, language)}
          slotOf={charts.slotOf}
        />
      </Row>
    </>
  );
}

/** The tables of the page of versions. */
export function versionsTwins(content: VersionsContent, language: Language): readonly Twin[] {
  const charts = versionCharts(content, language);
  return [
    charts.stackedTwin,
    charts.supportTwin,
    charts.adoptionTwin,
    versionsTwin(content, language),
  ];
}

interface SupportProps {
  readonly steps: readonly SupportStep[];
  readonly twin: Twin;
  /** The version that is the oldest to be supported at first. */
  readonly first: string;
  /** People of whose version the order is not known, as a number to read. */
  readonly unknown: string | undefined;
}

/** The support line. Its choice is in the URL: by the slider, by links, or by a form without script. */
function Support({ steps, twin, first, unknown }: SupportProps): VNode {
  const { texts } = useLanguage();
  const { frame, href } = usePage();
  const [chosen, setChosen] = useState(first);
  useEffect(() => setChosen(first), [first]);
  const shown = shownSteps(steps, chosen);
  const hrefOf = (version: string): string => href({ from_version: version });
  const choose = (version: string): void => {
    setChosen(version);
    history.replaceState(history.state, '', hrefOf(version));
  };
  const others = Object.entries(frame.query).filter(([name]) => name !== 'from_version');
  return (
    <figure>
      <SupportCurve
        steps={shown}
        chosen={chosen}
        unknown={unknown}
        hrefOf={hrefOf}
        onChoose={choose}
      />
      <noscript>
        <form class="form" method="get" action={frame.basePath + frame.path}>
          {others.map(([name, value]) => (
            <input key={name} type="hidden" name={name} value={value} />
          ))}
          <label>
            {texts.versions.choose}
            <select name="from_version">
              {steps.map(({ version }) => (
                <option key={version} selected={version === chosen}>
                  {version}
                </option>
              ))}
            </select>
          </label>
          <button class="btn">{texts.versions.show}</button>
        </form>
      </noscript>
      <ChartFoot
        twin={twin}
        csvHref={href({ csv: twin.id })}
        viewHref={`${hrefOf(chosen)}#${twin.id}`}
      />
    </figure>
  );
}

/** The share of people on named versions that the suggested line covers where the project has none. */
const COVERED = 0.95;

const unknownPeople = ({ support }: VersionsContent): number =>
  support.total - namedPeople(support);

/**
 * The oldest version that the project supports; without a say of it, one that covers nearly all. The
 * latest where that is not known of too many people.
 */
function suggestion(content: VersionsContent, steps: readonly SupportStep[]): string {
  const { support } = content;
  const isDrawn = support.rows.some(({ isEnded }) => isEnded);
  const ended = new Set(support.rows.flatMap((row) => (row.isEnded ? [row.version] : [])));
  const step = isDrawn
    ? steps.findLast(({ version }) => !ended.has(version))
    : unknownPeople(content) > (1 - COVERED) * support.total
      ? steps[0]
      : steps.find(({ people }) => people >= COVERED * namedPeople(support));
  return (step ?? steps.at(-1))?.version ?? '';
}

/** The steps of the slider: all, or those where most people are, with the chosen one. */
function shownSteps(steps: readonly SupportStep[], chosen: string): readonly SupportStep[] {
  if (steps.length <= MOST_STEPS) return steps;
  const ofVersion = (step: SupportStep, at: number): number =>
    step.people - (steps[at - 1]?.people ?? 0);
  const sizes = new Map(steps.map((step, at) => [step.version, ofVersion(step, at)]));
  const kept = new Set(
    steps
      .toSorted((a, b) => (sizes.get(b.version) ?? 0) - (sizes.get(a.version) ?? 0))
      .slice(0, MOST_STEPS)
      .map(({ version }) => version),
  );
  return steps.filter(
    ({ version }, at) => kept.has(version) || version === chosen || at === steps.length - 1,
  );
}

/** The first sentence: how the newest version does. */
function leadOf({ support }: VersionsContent, { texts, formats }: Language): string {
  const newest = support.rows.find(({ firstDate }) => firstDate !== null);
  if (newest?.shareFromHere === undefined || newest.shareFromHere === null) {
    return texts.versions.lead;
  }
  const { version, daysToHalf, shareFromHere } = newest;
  const news =
    daysToHalf === null
      ? texts.versions.leadNotHalf(version, formats.share(shareFromHere))
      : texts.versions.leadHalf(version, daysToHalf);
  return texts.charts.and([texts.versions.lead, news]);
}
