import { useLanguage } from '../language/language.js';
import type { Twin } from '../page/twin.js';
import { Legend } from './legend.js';
import { rampStep, rampSteps } from './ramp.js';
import { periodsAfter, type RetentionCell, type RetentionSeries } from './retention.js';

const STEPS = [0, 1, 2, 3, 4, 5, 6];

export interface RetentionTriangleProps {
  readonly series: RetentionSeries;
  readonly twin: Twin;
  readonly csvHref: string;
  readonly viewHref: string;
}

/** A row for each cohort, a column for each period after. It is its own table. */
export const RetentionTriangle = ({ series, twin, csvHref, viewHref }: RetentionTriangleProps) => {
  const language = useLanguage();
  const { texts, formats } = language;
  const notOver = texts.charts.periods[series.period].notOver;
  const cells = series.cohorts.flatMap((cohort) => cohort.cells);
  const steps = rampSteps(cells.flatMap(({ complete, share }) => (complete ? (share ?? []) : [])));

  const place = (cell: RetentionCell): { readonly class: string; readonly title?: string } => {
    if (cell.share === null) return { class: 'few' };
    return cell.complete
      ? { class: `q${rampStep(cell.share, steps)}` }
      : { class: 'inc', title: notOver };
  };
  const textOf = ({ share }: RetentionCell): string =>
    share === null ? `<${formats.number(series.leastShown)}` : formats.percent(share);

  if (series.cohorts.length === 0) return <p class="quiet">{texts.charts.nothing}</p>;
  return (
    <>
      <Legend
        items={[
          { of: 'hatch', text: texts.charts.notCompared(notOver) },
          ...(cells.some(({ share }) => share === null)
            ? [{ of: 'unknown' as const, text: texts.charts.fewerThan(series.leastShown) }]
            : []),
        ]}
      />
      <div class="scroll" tabindex={0} role="region" aria-label={twin.name}>
        <table class="tri">
          <thead>
            <tr>
              {twin.columns.slice(0, 2 + periodsAfter(series)).map(({ key, name }, i) => (
                <th key={key} scope="col" class={i === 1 ? 'wide' : undefined}>
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {series.cohorts.map((cohort, row) => (
              <tr key={cohort.date}>
                <th scope="row" class="nowrap">
                  {twin.rows[row]?.[0]?.text}
                </th>
                <td class="wide">{twin.rows[row]?.[1]?.text}</td>
                {cohort.cells.map((cell, i) => (
                  <td key={i} {...place(cell)}>
                    {textOf(cell)}
                    {cell.share !== null && !cell.complete && <span class="vh"> {notOver}</span>}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <div class="ramp quiet small">
        <span>{texts.charts.rampUnder(formats.percent(steps[0] ?? 0))}</span>
        {STEPS.map((step) => (
          <svg key={step} width="26" height="12" aria-hidden="true">
            <rect class={`r${step}`} width="26" height="12" />
          </svg>
        ))}
        <span>{texts.charts.rampFrom(formats.percent(steps.at(-1) ?? 1))}</span>
        <span class="out">
          <a href={csvHref}>{texts.charts.csv}</a>
          <a href={viewHref}>{texts.charts.link}</a>
        </span>
      </div>
    </>
  );
};
