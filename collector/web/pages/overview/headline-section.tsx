import type { VNode } from 'preact';
import { type CertaintyPart, PartBar } from '../../charts/part-bar.js';
import { useLanguage } from '../../language/language.js';
import type { Headline } from '../../page/overview-content.js';
import { usePage } from '../../page/use-page.js';
import type { View } from '../../page/view.js';
import { Delta } from './delta.js';
import { FirstReport } from './first-report.js';
import { Figures } from './figures.js';

interface HeadlineSectionProps {
  readonly headline: Headline;
  readonly view: View;
}

/** The one number, how sure it is, and the three figures of days and weeks. */
export function HeadlineSection({ headline, view }: HeadlineSectionProps): VNode {
  const { texts, formats } = useLanguage();
  const { month, band, coverage, today, until, firstDate } = headline;
  const { overview: words } = texts;
  // On the first day there are people, and no day that is over.
  const isFirstDay = until === null && month.people === null;
  const count = isFirstDay ? today : month.people;
  return (
    <section class="head">
      <div>
        <h1 class="big">
          <b>{count === null ? '–' : formats.number(count)}</b>
          <span>
            {isFirstDay
              ? words.peopleToday(today)
              : until === null
                ? words.people
                : words.peopleUntil(formats.longDay(until))}
            <small>
              {isFirstDay ? (
                words.firstDay
              ) : count === null && firstDate !== null ? (
                <FirstReport date={firstDate} />
              ) : (
                view.compare !== 'none' && (
                  <Delta
                    figure={month}
                    versus={view.compare === 'year' ? words.versus.year : words.versus.month}
                  />
                )
              )}
            </small>
          </span>
        </h1>
        {band !== null && month.people !== null && (
          <PartBar parts={bandParts(headline, words)} leastShown={1} />
        )}
        <p class="say">
          {words.person} <HowSure /> {coverage !== null && <bdi>{coverage}</bdi>}
        </p>
      </div>
      <Figures headline={headline} view={view} />
    </section>
  );
}

function HowSure(): VNode | null {
  const { overview } = useLanguage().texts;
  const { frame, hrefOfPage } = usePage();
  if (!frame.pages.includes('quality')) return null;
  return <a href={hrefOfPage('quality')}>{overview.howSure}</a>;
}

const bandParts = (
  { band, month }: Headline,
  words: ReturnType<typeof useLanguage>['texts']['overview'],
): readonly CertaintyPart[] =>
  (['certain', 'likely', 'ephemeral'] as const).map((name) => ({
    name: words.certainty[name],
    help: words.certaintyHelp[name],
    people: band?.[name] ?? null,
    share: band === null || !month.people ? null : band[name] / month.people,
  }));
