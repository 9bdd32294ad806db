import type { VNode } from 'preact';
import { useLanguage } from '../../language/language.js';
import type { QualityKind } from '../../page/quality-content.js';
import type { Reason } from '../../page/day-reason.js';

interface ReasonsProps {
  readonly reasons: readonly Reason[];
  /** Whether more came than was expected. */
  readonly isMore: boolean;
}

/** Why a day is as it is; a problem of counting comes first. */
export function Reasons({ reasons, isMore }: ReasonsProps): VNode {
  const { texts } = useLanguage();
  const isCounting = reasons.some(({ kind }) => kind === 'counting_problem');
  // Where less was counted, nobody knows where people are fewer.
  const told = isCounting ? reasons.filter(({ kind }) => kind === 'counting_problem') : reasons;
  return (
    <>
      {isCounting && (
        <>
          <b>{texts.overview.counting}</b>
          {texts.overview.stop}
        </>
      )}
      {told.map((reason) => (
        <ReasonText key={reason.text} reason={reason} isMore={isMore} />
      ))}
    </>
  );
}

function ReasonText({
  reason,
  isMore,
}: {
  readonly reason: Reason;
  readonly isMore: boolean;
}): VNode {
  const { texts, formats } = useLanguage();
  const { overview: words, quality } = texts;
  const { code, values, where, share } = reason;
  if (share === null) {
    const { problem, kind, observed, usual } = values;
    const isCounted = typeof observed === 'number' && typeof usual === 'number';
    const figures = {
      problem: String(problem),
      kind: quality.kinds[String(kind) as QualityKind]?.name ?? String(kind),
      counts: isCounted ? words.reasonCounts(formats.number(observed), formats.number(usual)) : '',
    };
    return <>{words.reasons[code]?.(figures)} </>;
  }
  const parts = where.map(
    ({ dimension, value }) => `${words.dimensions[dimension] ?? dimension} ${value}`,
  );
  return (
    <>{words.cause(formats.percent(share), isMore ? 'more' : 'fewer', formats.list(parts))} </>
  );
}
