import type { VNode } from 'preact';
import { ChartFoot } from '../../charts/chart-foot.js';
import { countText } from '../../charts/count.js';
import { PeopleLine } from '../../charts/people-line.js';
import { Row } from '../../frame/row.js';
import { useLanguage } from '../../language/language.js';
import type { PublicContent } from '../../page/public-content.js';
import { usePage } from '../../page/use-page.js';
import { peopleSeries, publicTwins } from '../public-twins.js';

/** People in 28 days, by day. */
export function ActiveRow({ content }: { readonly content: PublicContent }): VNode | null {
  const language = useLanguage();
  const { href } = usePage();
  const { publicPage: words, charts } = language.texts;
  const { detail, leastShown } = content;
  const [twin] = publicTwins(content, language);
  if (detail === null || twin === undefined) return null;
  const series = peopleSeries(detail.days, leastShown);
  const [first, last] = [series.days[0], series.days.at(-1)];
  const label =
    first === undefined || last === undefined
      ? charts.nothing
      : words.activeSentence({
          first: countText(first.people, leastShown, language),
          from: language.formats.day(first.date),
          last: countText(last.people, leastShown, language),
          to: language.formats.day(last.date),
        });
  return (
    <Row name={words.active} unit={words.activeUnit} id={twin.id}>
      <figure>
        <PeopleLine series={series} twin={twin} label={label} />
        <ChartFoot
          twin={twin}
          csvHref={href({ csv: twin.id })}
          viewHref={`${href({})}#${twin.id}`}
        />
      </figure>
    </Row>
  );
}
