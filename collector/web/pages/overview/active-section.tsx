import type { VNode } from 'preact';
import { ChartFoot } from '../../charts/chart-foot.js';
import { DayChart } from '../../charts/day-chart.js';
import { dayTwin } from '../../charts/day-twin.js';
import { useLanguage } from '../../language/language.js';
import type { ActiveDays } from '../../page/overview-content.js';
import { usePage } from '../../page/use-page.js';
import { FirstReport } from './first-report.js';
import { DayNotes } from './day-notes.js';
import { activeSeries } from './overview-twins.js';
import { useHrefOfDay } from './use-href-of-day.js';

/** Active people by day, with notes on the days that stand out. */
export function ActiveSection({ active }: { readonly active: ActiveDays }): VNode {
  const language = useLanguage();
  const { href } = usePage();
  const hrefOfDay = useHrefOfDay();
  const series = activeSeries(active, hrefOfDay);
  const twin = dayTwin(series, language.texts.overview.active, language);
  return (
    <figure>
      <DayChart series={series} twin={twin} />
      <DayNotes active={active} />
      <Known active={active} />
      <ChartFoot
        twin={twin}
        csvHref={href({ csv: twin.id })}
        viewHref={`${href({})}#${twin.id}`}
        rowHrefs={series.days.map(({ date }) => hrefOfDay(date))}
      />
    </figure>
  );
}

/** What there is to say of a range with few days, or none. */
function Known({ active }: { readonly active: ActiveDays }): VNode | null {
  const { texts, formats } = useLanguage();
  const { overview: words } = texts;
  const { days, forecast, failure, firstDate } = active;
  if (days.length === 0 && firstDate !== null) {
    return (
      <p class="small quiet">
        <FirstReport date={firstDate} />
      </p>
    );
  }
  if (failure !== null) {
    return (
      <p class="small quiet">
        {words.forecastFailed} {texts.problem.lead[failure]}
      </p>
    );
  }
  if (forecast === null || forecast.daysKnown >= forecast.daysNeeded) return null;
  const { daysNeeded, daysKnown } = forecast;
  return (
    <p class="small quiet">
      {words.forecastFrom(formats.number(daysNeeded), formats.number(daysKnown))}
    </p>
  );
}
