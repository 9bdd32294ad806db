import type { VNode } from 'preact';
import { type CertaintyPart, PartBar } from '../../charts/part-bar.js';
import { useLanguage } from '../../language/language.js';
import type { Headline } from '../../page/overview-content.js';
import { usePage } from '../../page/use-page.js';
import type { View } from '../../page/view.js';
import { Delta } from './delta.js';
import { Figures } from './figures.js';

interface HeadlineSectionProps {
  readonly headline: Headline;
  readonly view: View;
}

/** The one number, how sure it is, and the three figures of days and weeks. */
export function HeadlineSection({ headline, view }: HeadlineSectionProps): VNode {
  const { texts, formats } = useLanguage();
  const { month, band, coverage, today, until } = headline;
  const { overview: words } = texts;
  // On the first day there are people, and no day that is over.
  const isFirstDay = until === null && month.people === 0 && today > 0;
  return (
    <section class="head">
      <div>
        <h1 class="big">
          <b>{formats.number(isFirstDay ? today : month.people)}</b>
          <span>
            {isFirstDay
              ? words.peopleToday(today)
              : until === null
                ? words.people
                : words.peopleUntil(formats.longDay(until))}
            <small>
              {isFirstDay
                ? words.firstDay
                : view.compare !== 'none' && (
                    <Delta
                      figure={month}
                      versus={view.compare === 'year' ? words.versus.year : words.versus.month}
                    />
                  )}
            </small>
          </span>
        </h1>
        {band !== null && !isFirstDay && (
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
    share: band === null || month.people === 0 ? null : band[name] / month.people,
  }));
