import type { VNode } from 'preact';
import { ChartFoot } from '../../charts/chart-foot.js';
import { TimeLines } from '../../charts/time-lines.js';
import { timeTwin } from '../../charts/time-series.js';
import { Row } from '../../frame/row.js';
import { useLanguage } from '../../language/language.js';
import { SYSTEM_SPANS, type SystemContent } from '../../page/system-content.js';
import { usePage } from '../../page/use-page.js';
import { type SystemSeries, systemSeries } from '../system-series.js';

/** The answer time, and beside each other the figures of the load. */
export function PerformanceRows({ content }: { readonly content: SystemContent }): VNode | null {
  const language = useLanguage();
  const { system } = language.texts;
  const [answerTime, ...load] = systemSeries(content, language);
  if (answerTime === undefined) return null;
  return (
    <>
      <Row name={system.answerTime} unit={system.answerTimeUnit}>
        <div>
          <SpanChoice content={content} />
          <Chart of={answerTime} />
        </div>
      </Row>
      <Row name={system.load} unit={system.loadUnit[content.span]}>
        <div class="cols">
          {load.map((one) => (
            <Chart key={one.series.id} of={one} isNarrow />
          ))}
        </div>
      </Row>
    </>
  );
}

function SpanChoice({ content }: { readonly content: SystemContent }): VNode {
  const { texts } = useLanguage();
  const { href } = usePage();
  const { system } = texts;
  return (
    <div class="bar tightbar">
      <div class="seg" role="group" aria-label={system.span}>
        {SYSTEM_SPANS.map((span) => (
          <a
            key={span}
            href={href({ span })}
            aria-current={span === content.span ? 'true' : undefined}
          >
            {system.spans[span]}
          </a>
        ))}
      </div>
    </div>
  );
}

interface ChartProps {
  readonly of: SystemSeries;
  readonly isNarrow?: boolean;
}

function Chart({ of, isNarrow = false }: ChartProps): VNode {
  const language = useLanguage();
  const { href } = usePage();
  const { series, valueText, isLogarithmic } = of;
  const twin = timeTwin(series, valueText, language);
  return (
    <figure id={series.id} class="wide-axis">
      {isNarrow && <h3>{series.name}</h3>}
      <TimeLines
        series={series}
        twin={twin}
        valueText={valueText}
        isLogarithmic={isLogarithmic}
        isNarrow={isNarrow}
        height={isNarrow ? 130 : 190}
      />
      <ChartFoot twin={twin} csvHref={href({ csv: twin.id })} viewHref={`${href({})}#${twin.id}`} />
    </figure>
  );
}
