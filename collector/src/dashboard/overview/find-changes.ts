import type { Change } from '../../../web/page/overview-changes.js';
import type { Reason } from '../../../web/page/day-reason.js';
import type { Headline } from '../../../web/page/overview-content.js';
import type { ForecastAnswer, SilenceAnswer, SupportAnswer } from './answers.js';
import { daysAfter } from './days.js';
import { findShareChanges, type Shares } from './find-share-changes.js';
import { halvesOf } from './to-versions.js';

/** Five strokes are a tally. */
const MOST = 5;

/** What happened on so many days up to yesterday is news. */
const NEWS_DAYS = 14;

/** A change of the 7 days below this is nothing to explain. */
const LEAST_WEEK_CHANGE = 0.02;

/** What changes are found in. What the caller may not see, or failed, is left out. */
export interface ChangesAnswers {
  readonly headline: Headline | undefined;
  readonly forecast: ForecastAnswer | undefined;
  readonly silence: SilenceAnswer | undefined;
  readonly support: SupportAnswer | undefined;
  readonly events: Shares | undefined;
  readonly systems: Shares | undefined;
  readonly runtimes: Shares | undefined;
}

/** What has changed lately, the most important first. */
export function findChanges(answers: ChangesAnswers, today: string): readonly Change[] {
  const { headline, forecast, silence, support, events, systems, runtimes } = answers;
  const found: readonly Change[] = [
    ...(support === undefined ? [] : findHalf(support, today)),
    ...(forecast === undefined ? [] : findWeeks(forecast, today)),
    ...(forecast === undefined || headline === undefined
      ? []
      : findDay(forecast, headline.week.change, today)),
    ...(silence === undefined ? [] : findStopped(silence, today)),
    ...(forecast === undefined ? [] : findUnusual(forecast, today)),
    ...findShareChanges({ events, systems, runtimes }),
  ];
  return found.slice(0, MOST);
}

/** The newest version that half of the people have reached lately. */
function findHalf({ rows }: SupportAnswer, today: string): readonly Change[] {
  const halves = halvesOf(rows);
  const at = halves.findIndex(
    ({ date, days }) => days !== null && daysAfter(date, days) > daysAfter(today, -NEWS_DAYS),
  );
  const half = halves[at];
  // On its first day a version that everybody has is no news.
  if (half === undefined || half.days === null || half.days === 0) return [];
  const before = halves.slice(at + 1).find(({ days }) => days !== null);
  return [
    {
      ...{ kind: 'half', version: half.version, days: half.days },
      previous:
        before === undefined || before.days === null
          ? null
          : { version: before.version, days: before.days },
    },
  ];
}

const WEEK_FLAGS = ['slow_fall', 'slow_rise', 'shift'] as const;

/** The last day that ends a remarkable week. */
function findWeeks({ rows }: ForecastAnswer, today: string): readonly Change[] {
  const found = rows.findLast(
    ({ date, flags }) =>
      date >= daysAfter(today, -7) && WEEK_FLAGS.some((flag) => flags.includes(flag)),
  );
  const flag = WEEK_FLAGS.find((one) => found?.flags.includes(one));
  if (found === undefined || flag === undefined) return [];
  const reasons: readonly Reason[] = found.reasons;
  return [{ kind: 'week', flag, date: found.date, reasons }];
}

/** The day outside the band that is in the last 7 days or in those before, whose change it explains. */
function findDay(
  { rows }: ForecastAnswer,
  weekChange: number | null,
  today: string,
): readonly Change[] {
  if (weekChange === null || Math.abs(weekChange) < LEAST_WEEK_CHANGE) return [];
  const since = daysAfter(today, -7);
  const found = rows
    .filter(({ date, flags }) => {
      const [isLow, isHigh] = [flags.includes('low'), flags.includes('high')];
      // A low day explains a fall of its own week, and a rise of the week after.
      const isFall = date >= since ? isLow : isHigh;
      return (
        date >= daysAfter(since, -7) && (weekChange < 0 ? isFall : (isLow || isHigh) && !isFall)
      );
    })
    .at(-1);
  if (found === undefined || found.expected === null) return [];
  return [
    {
      ...{ kind: 'day', weekChange, date: found.date, isInWeek: found.date >= since },
      ...{ people: found.observed ?? 0, expected: found.expected },
    },
  ];
}

const findStopped = ({ rows }: SilenceAnswer, today: string): readonly Change[] =>
  rows.flatMap(({ kind, state, name, last_date: lastDate }) =>
    kind !== 'project' &&
    name !== null &&
    (state === 'stopped' || state === 'silent') &&
    (lastDate === null || lastDate > daysAfter(today, -2 * NEWS_DAYS))
      ? [{ kind: 'stopped', of: kind, name, lastDate } as const]
      : [],
  );

function findUnusual({ unusual }: ForecastAnswer, today: string): readonly Change[] {
  const last = unusual.filter((date) => date >= daysAfter(today, -7)).at(-1);
  return last === undefined ? [] : [{ kind: 'unusual', date: last }];
}
