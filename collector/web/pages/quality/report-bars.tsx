import type { VNode } from 'preact';
import { axisText } from '../../charts/axis-text.js';
import { ChartFoot } from '../../charts/chart-foot.js';
import { dayLabels } from '../../charts/day-labels.js';
import { Legend } from '../../charts/legend.js';
import { StackedBars } from '../../charts/stacked-bars.js';
import { xLabels } from '../../charts/x-labels.js';
import { useLanguage } from '../../language/language.js';
import type { QualityContent } from '../../page/quality-content.js';
import { usePage } from '../../page/use-page.js';
import { partsOf, partsTwin, refusedOf } from '../quality-twins.js';

const SLOTS = { counted: 1, late: 2, duplicates: 0, refused: 3, notCounted: 4 } as const;

type PartName = keyof typeof SLOTS;

const NAMES = Object.keys(SLOTS) as PartName[]; // the keys of a constant

/** What became of the reports, over time. */
export function ReportBars({ content }: { readonly content: QualityContent }): VNode {
  const language = useLanguage();
  const { href } = usePage();
  const { texts, formats } = language;
  const { quality } = texts;
  const { parts, totals, daysOfPart } = content;
  const twin = partsTwin(content, language);
  const series = parts.map(partsOf);
  const dates = parts.map(({ from }) => from);
  const shown = NAMES.filter((name) => name === 'counted' || series.some((part) => part[name] > 0));
  return (
    <figure id={twin.id}>
      <Legend items={shown.map((name) => ({ of: SLOTS[name], text: quality[name] }))} />
      <StackedBars
        twin={twin}
        series={shown.map((name) => ({
          name: quality[name],
          fill: `f${SLOTS[name]}`,
          values: series.map((part) => part[name]),
        }))}
        xLabels={
          daysOfPart === 1
            ? dayLabels(dates, formats)
            : xLabels(dates.map((date) => formats.day(date)))
        }
        yText={(tick) => axisText(tick, language)}
        isRunning={(slot) => parts[slot]?.complete === false}
        label={quality.sentence({
          accepted: formats.number(totals.kinds.accepted),
          refused: formats.number(refusedOf(totals)),
          from: formats.day(content.from),
          to: formats.day(content.to),
        })}
      />
      <ChartFoot twin={twin} csvHref={href({ csv: twin.id })} viewHref={`${href({})}#${twin.id}`} />
    </figure>
  );
}
