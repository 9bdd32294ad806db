import type { VNode } from 'preact';
import { ChartFoot } from '../charts/chart-foot.js';
import { retentionTwin } from '../charts/retention.js';
import {
  RetentionCurves,
  type RetentionCurvesSeries,
  retentionCurvesTwin,
} from '../charts/retention-curves.js';
import { RetentionTriangle } from '../charts/retention-triangle.js';
import { RangeBar } from '../frame/range-bar.js';
import { Row } from '../frame/row.js';
import { Title } from '../frame/title.js';
import { type Language, useLanguage } from '../language/language.js';
import type { RetentionContent } from '../page/retention-content.js';
import type { Twin } from '../page/twin.js';
import { usePage } from '../page/use-page.js';
import { retentionLines } from './retention-lines.js';

const INTERVALS = ['week', 'month'] as const;

/** The period that the first sentence tells of. */
const TOLD = { week: 4, month: 1 } as const;

export const retentionTwins = ({ series }: RetentionContent, language: Language): Twin[] => [
  retentionTwin(series, language.texts.retention.cohorts, language),
  retentionCurvesTwin(retentionLines(series, language), language.texts.retention.curve, language),
];

/** Of the people first seen in a week or month, how many came again. */
export function RetentionPage({ content }: { readonly content: RetentionContent }): VNode {
  const language = useLanguage();
  const { texts, formats } = language;
  const { href } = usePage();
  const { series, view } = content;
  const { period } = series;
  const [cohorts, curves] = retentionTwins(content, language);
  const lines = retentionLines(series, language);
  const told = lines.lines[0]?.shares[TOLD[period]];
  const viewOf = (twin: Twin): string => `${href({})}#${twin.id}`;
  return (
    <>
      <Title title={texts.retention.title}>
        {texts.retention.lead[period]}{' '}
        {typeof told === 'number' &&
          texts.retention.later[period](formats.number(TOLD[period]), formats.percent(told))}
      </Title>
      <RangeBar view={view}>
        <div class="seg" role="group" aria-label={texts.retention.interval}>
          {INTERVALS.map((interval) => (
            <a
              key={interval}
              href={href({ interval })}
              aria-current={interval === period ? 'true' : undefined}
            >
              {texts.retention.intervals[interval]}
            </a>
          ))}
        </div>
      </RangeBar>
      {cohorts !== undefined && (
        <Row
          name={texts.retention.cohorts}
          unit={texts.retention.cohortsUnit[period]}
          id={cohorts.id}
        >
          <figure>
            <RetentionTriangle
              series={series}
              twin={cohorts}
              csvHref={href({ csv: cohorts.id })}
              viewHref={viewOf(cohorts)}
            />
          </figure>
        </Row>
      )}
      {curves !== undefined && curves.rows.length > 1 && (
        <Row
          name={texts.retention.curve}
          unit={<CurveUnit lines={lines} cohorts={series.cohorts} />}
          id={curves.id}
        >
          <figure>
            <RetentionCurves series={lines} twin={curves} />
            <ChartFoot twin={curves} csvHref={href({ csv: curves.id })} viewHref={viewOf(curves)} />
          </figure>
        </Row>
      )}
    </>
  );
}

/** What the curve is of, and where its halves meet. */
function CurveUnit({
  lines: { lines },
  cohorts,
}: {
  readonly lines: RetentionCurvesSeries;
  readonly cohorts: RetentionContent['series']['cohorts'];
}): VNode {
  const { texts, formats } = useLanguage();
  const first = cohorts[Math.floor(cohorts.length / 2)];
  return (
    <>
      {lines.length > 1 && first !== undefined
        ? texts.retention.curveUnitOfHalves(formats.day(first.date))
        : texts.retention.curveUnit}
    </>
  );
}
