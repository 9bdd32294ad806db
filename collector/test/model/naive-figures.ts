import type { NaiveAsked } from './naive-asked.js';
import type { NaiveSpan } from './naive-spans.js';
import { type NaiveReport, ALL_PEOPLE_DIMENSIONS } from './naive-report.js';
import { isPerson, saidIn, valueSaid, valuesIn } from './naive-user.js';

/** How often something is there. */
export type Figures = ReadonlyMap<string, number>;

/** How many people count under each value of a dimension in a span; whoever had two, under both. */
export function peopleByValue(
  { count, project }: Pick<NaiveAsked, 'count' | 'project'>,
  dimension: string,
  { from, to }: NaiveSpan,
): Figures {
  const people = count.users(project).filter(isPerson);
  if (ALL_PEOPLE_DIMENSIONS.includes(dimension)) {
    return tally(people.flatMap((user) => valuesIn(user, dimension, from, to)));
  }
  // What a cleaning took of reports, nobody has said.
  const arrived = new Set(count.arrived(project));
  return tally(
    people.flatMap(({ reports }) =>
      saidIn(
        reports.filter((report) => arrived.has(report)),
        dimension,
        from,
        to,
      ),
    ),
  );
}

/** Reports of people in a span. */
export const reportsIn = (
  { count, project }: Pick<NaiveAsked, 'count' | 'project'>,
  { from, to }: NaiveSpan,
  ci = false,
): NaiveReport[] =>
  count
    .arrived(project)
    .filter((report) => report.ci === ci && report.date >= from && report.date <= to);

/** How many reports of people have each value of `event` or `field:<event>.<name>` in a span. */
export function reportsByValue(
  asked: Pick<NaiveAsked, 'count' | 'project'>,
  dimension: string,
  span: NaiveSpan,
): Figures {
  const values = reportsIn(asked, span).map((report) => valueSaid(report, dimension));
  return tally(values.filter((value) => value !== undefined));
}

export function tally(values: readonly string[]): Map<string, number> {
  const figures = new Map<string, number>();
  for (const value of values) figures.set(value, (figures.get(value) ?? 0) + 1);
  return figures;
}

/** Values by their figures in all of some spans, those with most first. */
export function rank(figures: readonly Figures[]): string[] {
  const sums = new Map<string, number>();
  for (const [value, n] of figures.flatMap((one) => [...one])) {
    sums.set(value, (sums.get(value) ?? 0) + n);
  }
  return [...sums].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)).map(([value]) => value);
}
