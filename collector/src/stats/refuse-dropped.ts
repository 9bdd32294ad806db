import { dateOfDay } from '../rules/day.js';
import { firstWhole, isExact, type KeptInStore } from '../rules/kept-spans.js';
import type { CountsReader } from './define-question.js';
import { refuseParameter } from './parameters.js';
import type { DayWindow } from './windows.js';

/** The days of a question. */
interface AskedDays {
  /** The kind of counts that answers it. */
  readonly what: Extract<KeptInStore, 'rollups' | 'quality'>;
  /** The first day that the answer depends on, numbered since 1970. */
  readonly from: number;
  /**
   * The parameter that asks for this day.
   *
   * @default 'from'
   */
  readonly parameter?: string;
  /** Spans in which people count once. Those of a month or less are always exact. */
  readonly windows?: readonly DayWindow[];
}

/**
 * Refuses a question whose answer is no longer known, or only in part. Ask after the counts were
 * read: what was dropped before they were read is noted by then.
 *
 * @throws `bad_parameter`
 */
export async function refuseDropped(
  store: Pick<CountsReader, 'keptSpans'>,
  { what, from, parameter = 'from', windows = [] }: AskedDays,
): Promise<void> {
  const spans = await store.keptSpans();
  const first = firstWhole(
    spans.filter((span) => span.what === what),
    Infinity,
  );
  if (from < first) {
    const allowed = `${dateOfDay(first)} and later`;
    refuseParameter(
      parameter,
      `Counts of days before ${dateOfDay(first)} are no longer kept here, and this question depends on ${dateOfDay(from)}.`,
      [allowed],
    );
  }
  const activity = spans.filter((span) => span.what === 'activity');
  const inexact = windows.find((window) => !isExact(activity, window));
  if (inexact === undefined) return;
  const days = Math.min(...activity.map((span) => span.days));
  refuseParameter(
    'window',
    `The window that ends on ${dateOfDay(inexact.lastDay)} is too long: people’s days were kept for ` +
      `${days} days only, so a person who came back in it may count twice.`,
  );
}
