import type { OverviewContent } from '../../../web/page/overview-content.js';
import type { Part } from '../../../web/page/part.js';
import { askFirstRun } from '../ask-first-run.js';
import type { Asked, Gather } from '../gather.js';
import type {
  AnnotationsAnswer,
  ForecastAnswer,
  GrowthAnswer,
  QualityAnswer,
  SilenceAnswer,
  SupportAnswer,
  TimeseriesAnswer,
} from '../overview/answers.js';
import { askOpenedDay } from '../overview/ask-opened-day.js';
import { askShares } from '../overview/ask-shares.js';
import { daysAfter, YEAR_DAYS } from '../overview/days.js';
import { findChanges } from '../overview/find-changes.js';
import { firstDateOf, toActiveDays } from '../overview/to-active-days.js';
import { growthQuestion, toGrowth } from '../overview/to-growth.js';
import { toHeadline } from '../overview/to-headline.js';
import { toStatus } from '../overview/to-status.js';
import { toVersions } from '../overview/to-versions.js';
import { mapPart, shownOf, tryPart } from '../try-part.js';
import { askReleases, VERSIONS_QUESTION } from './known-versions.js';

/** Days whose people are always asked for: those drawn beside the figure of the last of them. */
const DAYS_BEFORE = 35;

/** Days up to yesterday whose quality is told, and those before them, which say what is usual. */
const QUALITY_DAYS = 7;
const USUAL_DAYS = 28;

/** Days up to yesterday that what changed is found in. */
const CHANGES_DAYS = 14;

/** Gathers what is looked at in the morning. All is asked at once: no answer waits for another. */
export const gatherOverview: Gather = async (asked) => {
  const { view } = asked;
  const [answers, opened] = await Promise.all([askAll(asked), askOpenedDay(asked)]);
  const silence = shownOf(answers.silence);
  if (silence?.rows[0]?.last_counted_at === null) {
    const first = await askFirstRun(asked);
    if (first !== undefined) return first;
  }
  const { byDay, byWeek, byMonth, band, year, forecast, annotations } = answers;
  const firstDate = byDay.state === 'shown' ? firstDateOf(byDay.value, forecast, view.today) : null;
  const headline = mapPart(together(byDay, byWeek, byMonth), ([day, week, month]) =>
    toHeadline(
      {
        ...{ byDay: day, byWeek: week, byMonth: month, band: shownOf(band) },
        ...{ yesterday: daysAfter(view.today, -1), firstDate },
        yearBefore: view.compare === 'year' ? shownOf(year.figures) : undefined,
      },
      view.compare,
    ),
  );
  const content: OverviewContent = {
    page: 'overview',
    view,
    status: toStatus(answers, asked),
    headline,
    active: mapPart(byDay, (days) =>
      toActiveDays(
        {
          ...{ byDay: days, forecast, annotations: shownOf(annotations) },
          ...{ yearBefore: shownOf(year.days), firstDate },
        },
        view,
      ),
    ),
    growth: mapPart(answers.growth, (growth) => toGrowth(growthQuestion(view), growth)),
    versions: mapPart(
      // Without the order of versions, their colours would be others than usual.
      both(answers.support, answers.releases),
      ([support, releases]) => toVersions(support, releases),
    ),
    changes:
      answers.byDay.state === 'shown'
        ? { state: 'shown', value: findChanges(changesOf(answers, headline), view.today) }
        : answers.byDay,
    opened,
  };
  return content;
};

const NOT_ASKED = { state: 'hidden' } as const;

async function askAll(asked: Asked) {
  const { view, want } = asked;
  const yesterday = daysAfter(view.today, -1);
  const last = view.to < yesterday ? view.to : yesterday;
  const ask = <Body>(path: string, query: Readonly<Record<string, string>> = {}) =>
    tryPart(want<Body>(`/v1/stats/${path}`, query));
  const growth = (days: number, from: string, to = last) =>
    ask<GrowthAnswer>('growth', { window: `${days}d`, from, to });
  const least = daysAfter(last, 1 - DAYS_BEFORE);
  const { windowDays, from, to } = growthQuestion(view);
  const qualitySince = daysAfter(yesterday, 1 - QUALITY_DAYS);
  const [byDay, byWeek, byMonth, bars, band, annotations, silence, recent, usual, ...others] =
    await Promise.all([
      askDays(growth, view.from < least ? view.from : least, view),
      growth(7, daysAfter(last, -55)),
      growth(28, daysAfter(last, -27)),
      growth(windowDays, from, to),
      ask<TimeseriesAnswer>('timeseries', { window: '28d', from: last, to: last }),
      ask<AnnotationsAnswer>('annotations', { from: view.from, to: view.to }),
      ask<SilenceAnswer>('silence'),
      ask<QualityAnswer>('quality', { from: qualitySince, to: view.today }),
      ask<QualityAnswer>('quality', {
        from: daysAfter(qualitySince, -USUAL_DAYS),
        to: daysAfter(qualitySince, -1),
      }),
      askHealth(asked),
      ask<SupportAnswer>('support', VERSIONS_QUESTION),
      tryPart(askReleases(asked)),
      askYear(asked, last),
      askShares(asked, 'event', yesterday),
      askShares(asked, 'os', yesterday),
      askShares(asked, 'runtime_version', yesterday),
      // Last, since it may take longest and the others would wait for it.
      ask<ForecastAnswer>('forecast', { from: forecastFrom(asked), to: view.today }),
    ]);
  const [health, support, releases, year, events, systems, runtimes, forecast] = others;
  return {
    ...{ byDay, byWeek, byMonth, growth: bars, band, forecast, annotations, silence },
    ...{ recent, usual, health, support, releases, events, systems, runtimes, year },
  };
}

/** The days up to the last of the view, and the running one, which may be far from them. */
async function askDays(
  growth: (days: number, from: string, to: string) => Promise<Part<GrowthAnswer>>,
  from: string,
  { to, today }: Asked['view'],
): Promise<Part<GrowthAnswer>> {
  if (to >= daysAfter(today, -1)) return growth(1, from, today);
  const [days, running] = await Promise.all([growth(1, from, to), growth(1, today, today)]);
  return mapPart(both(days, running), ([known, { rows }]) => ({
    ...known,
    rows: [...known.rows, ...rows],
  }));
}

type Answers = Awaited<ReturnType<typeof askAll>>;

/** The view, and the days that what changed is found in. */
function forecastFrom({ view }: Asked): string {
  const least = daysAfter(view.today, -CHANGES_DAYS);
  return view.from < least ? view.from : least;
}

/** How the collector is. Below the developer's level the answer says little. */
async function askHealth({ ask }: Asked): Promise<Part<unknown>> {
  const answer = await ask('/health');
  if (answer.ok) return { state: 'shown', value: answer.body };
  const { status, code } = answer;
  // Its answer for an unhealthy collector is no problem: it has another code than a refusal.
  return status === 503 && code === 'internal_error'
    ? { state: 'failed', problem: 'failed' }
    : { state: 'hidden' };
}

async function askYear({ view, want }: Asked, last: string) {
  if (view.compare !== 'year') return { figures: NOT_ASKED, days: NOT_ASKED };
  const growth = (window: string, from: string, to: string) =>
    want<GrowthAnswer>('/v1/stats/growth', {
      ...{ window, from: daysAfter(from, -YEAR_DAYS), to: daysAfter(to, -YEAR_DAYS) },
    });
  const [figures, days] = await Promise.all([
    tryPart(allOf(['1d', '7d', '28d'].map((window) => growth(window, last, last)))),
    tryPart(growth('1d', view.from, view.to)),
  ]);
  return { figures, days };
}

async function allOf<Value>(
  all: readonly Promise<Value | undefined>[],
): Promise<readonly Value[] | undefined> {
  const values = await Promise.all(all);
  const shown = values.filter((value) => value !== undefined);
  return shown.length === values.length ? shown : undefined;
}

/** The first that is not shown stands for all. */
function both<A, B>(a: Part<A>, b: Part<B>): Part<readonly [A, B]> {
  if (a.state !== 'shown') return a;
  return b.state === 'shown' ? { state: 'shown', value: [a.value, b.value] } : b;
}

const together = <A, B, C>(a: Part<A>, b: Part<B>, c: Part<C>): Part<readonly [A, B, C]> =>
  mapPart(both(both(a, b), c), ([[first, second], third]) => [first, second, third] as const);

const changesOf = (
  { forecast, silence, support, events, systems, runtimes }: Answers,
  headline: OverviewContent['headline'],
) => ({
  // What changed is of now, so that a headline of days before says nothing of it.
  headline: ofNow(shownOf(headline)),
  forecast: shownOf(forecast),
  silence: shownOf(silence),
  support: shownOf(support),
  ...{ events, systems, runtimes },
});

const ofNow = <One extends { readonly until: string | null }>(
  headline: One | undefined,
): One | undefined => (headline?.until === null ? headline : undefined);
