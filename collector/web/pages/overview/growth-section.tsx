import type { VNode } from 'preact';
import { ChartFoot } from '../../charts/chart-foot.js';
import { GrowthChart } from '../../charts/growth-chart.js';
import { growthTwin } from '../../charts/growth-twin.js';
import { useLanguage } from '../../language/language.js';
import type { GrowthPeriod, GrowthPeriods } from '../../page/overview-content.js';
import { usePage } from '../../page/use-page.js';
import { growthSeries } from './overview-twins.js';

/** Who came and went, by day, week or month, with the sum of the last period. */
export function GrowthSection({ growth }: { readonly growth: GrowthPeriods }): VNode {
  const language = useLanguage();
  const { texts, formats } = language;
  const { href } = usePage();
  const { overview: words } = texts;
  const series = growthSeries(growth);
  const twin = growthTwin(series, words.growth, language);
  const last = growth.periods.findLast(({ isOver }) => isOver);
  return (
    <figure>
      <GrowthChart series={series} twin={twin} />
      <p class="small quiet">
        {last === undefined ? (
          words.noPeriod
        ) : isNobody(last) ? (
          words.noSum
        ) : (
          <>
            {words.sum(`${words.lastPeriod[growth.period]} (${formats.day(last.date)})`, {
              before: formats.number(last.before),
              new: formats.number(last.new),
              cameBack: formats.number(last.cameBack),
              lost: formats.number(last.lost),
            })}{' '}
            <b>{formats.number(last.active)}</b>
          </>
        )}
      </p>
      <ChartFoot twin={twin} csvHref={href({ csv: twin.id })} viewHref={`${href({})}#${twin.id}`} />
    </figure>
  );
}

/** Nobody was there before, and nobody came: as before the first report. */
const isNobody = ({ before, new: came, cameBack, lost }: GrowthPeriod): boolean =>
  [before, came, cameBack, lost].every((people) => people === 0);
