import type { Static } from 'typebox';
import {
  QUALITY_KINDS,
  type QualityContent,
  type QualityCounts,
  type QualityKind,
  type QualityPart,
} from '../../../web/page/quality-content.js';
import { dateOfDay, dayOf, dayOfDate, DEFAULT_ZONE } from '../../rules/day.js';
import type { qualitySchema } from '../../stats/quality-route.js';
import type { SummaryAnswer } from '../../stats/summary.js';
import type { Asked, Gather } from '../gather.js';

type Answer = Static<typeof qualitySchema>;

/** How long a part is, in days, for spans up to so many days: a chart has room for some fifty. */
const PARTS = [
  { upToDays: 35, days: 1 },
  { upToDays: 371, days: 7 },
  { upToDays: Infinity, days: 28 },
] as const;

/** What was accepted, put right, refused and lost, and how sure it is that an ID is one person. */
export const gatherQuality: Gather = async (asked): Promise<QualityContent> => {
  const { view, asOf } = asked;
  const today = dayOf(Date.parse(asOf), DEFAULT_ZONE);
  const { first, last } = receiptDays(view, today);
  const askDays = async (from: number, to: number): Promise<Answer> =>
    asked.need('/v1/stats/quality', { from: dateOfDay(from), to: dateOfDay(to) });
  const all = await askDays(first, last);
  const days = PARTS.find(({ upToDays }) => last - first < upToDays)?.days ?? 1;
  const parts: QualityPart[] = [];
  // One by one: all at once would take more places in the queue of questions than a client has.
  for (let from = first; from <= last; from += days) {
    const to = Math.min(from + days - 1, last);
    const counts = countsOf(await askDays(from, to));
    parts.push({ from: dateOfDay(from), to: dateOfDay(to), complete: to < today, ...counts });
  }
  const summary = await asked.need<SummaryAnswer>('/v1/stats/summary');
  return {
    page: 'quality',
    view,
    from: all.from,
    to: all.to,
    totals: countsOf(all),
    parts,
    daysOfPart: days,
    lost: all.lost_estimate,
    lostCut: all.lost_cut,
    fullPlaces: all.full_places.map(({ of, dimension, used, limit }) => ({
      of,
      dimension,
      used,
      limit,
    })),
    certainty: {
      total: summary.total_users,
      ...summary.band,
      buildFarms: summary.ci_users,
      coverage: summary.coverage ?? null,
    },
  };
};

/** The days of receipt, which are those of UTC: its running day may be another than the project's. */
function receiptDays({ from, to, today: local }: Asked['view'], today: number) {
  const last = to === local ? today : Math.min(dayOfDate(to) ?? today, today);
  return { first: Math.min(dayOfDate(from) ?? last, last), last };
}

const countsOf = (answer: Answer): QualityCounts => ({
  kinds: Object.fromEntries(QUALITY_KINDS.map((kind) => [kind, answer[kind]])) as Record<
    QualityKind,
    number
  >,
  refused: answer.rejected,
});
