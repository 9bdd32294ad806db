import type { Manifest } from 'headcount/wire';
import {
  type Declared,
  type EventUse,
  FEATURE_UNITS,
  type FeaturesContent,
  type FeatureUnit,
} from '../../../web/page/features-content.js';
import { EVENT_DIMENSION } from '../../rules/dimensions.js';
import type { SilenceAnswer } from '../../stats/silence-answer.js';
import type { Asked, Gather } from '../gather.js';
import { askFields, fieldsOf } from './ask-fields.js';
import { askManifest } from './ask-manifest.js';
import { askTrends, type Trends } from './ask-trends.js';
import { askValues, type Breakdown, valueSpan, valueView } from './ask-values.js';
import { silentSayings } from './silent-sayings.js';

/** Events on the page: a project may declare fewer, but need not declare any. */
const MOST_EVENTS = 100;

/** Days that are looked at for events and fields that come no longer. */
const SILENCE_DAYS = 90;

export const gatherFeatures: Gather = async (asked): Promise<FeaturesContent> => {
  const { need, query, view } = asked;
  const unit = FEATURE_UNITS.find((one): one is FeatureUnit => one === query['count']) ?? 'people';
  const of = { dimension: EVENT_DIMENSION, limit: MOST_EVENTS };
  const [people, reports, trends, silence, manifest] = await Promise.all([
    askValues(asked, { ...of, metric: 'people' }),
    askValues(asked, { ...of, metric: 'reports' }),
    askTrends(asked),
    need<SilenceAnswer>('/v1/stats/silence'),
    askManifest(asked),
  ]);
  const { changeOf } = unit === 'people' ? people : reports;
  const events = toEvents(people.shown, reports.shown, { changeOf, trends, manifest });
  const sorted = events.toSorted((a, b) => (b[unit] ?? 0) - (a[unit] ?? 0));
  const seen = silence.rows.flatMap(({ kind, name }) => (kind === 'field' && name ? [name] : []));
  return {
    page: 'features',
    ...{ view: valueView(view), unit, span: valueSpan(view) },
    active: people.shown.total ?? 0,
    reports: reports.shown.total ?? 0,
    events: sorted,
    leftOut: Math.max(people.shown.values_left_out, reports.shown.values_left_out),
    mergedBelow: people.shown.merged?.below ?? null,
    weeks: trends.weeks,
    event: await askChosen(asked, sorted, { unit, manifest, seen }),
    silent: silentSayings(silence),
    unused: manifest === undefined ? null : unusedOf(manifest, events, silence),
    unusedDays: SILENCE_DAYS,
  };
};

interface Known {
  readonly changeOf: (value: string) => number | null;
  readonly trends: Trends;
  readonly manifest: Manifest | undefined;
}

/** Everything that is known of each event, whether by its people or by its reports alone. */
function toEvents(
  people: Breakdown,
  reports: Breakdown,
  { changeOf, trends, manifest }: Known,
): EventUse[] {
  const peopleOf = new Map(people.rows.map((row) => [row.value, row]));
  const reportsOf = new Map(reports.rows.map((row) => [row.value, row]));
  return [...new Set([...peopleOf.keys(), ...reportsOf.keys()])].map((event) => ({
    event,
    people: peopleOf.get(event)?.count ?? null,
    share: peopleOf.get(event)?.share ?? null,
    reports: reportsOf.get(event)?.count ?? 0,
    reportShare: reportsOf.get(event)?.share ?? 0,
    change: changeOf(event),
    trend: trends.of(event),
    description: manifest?.events[event]?.description ?? null,
  }));
}

/** The fields of the event that the URL names; of that with most, if it names none that has any. */
async function askChosen(
  asked: Asked,
  events: readonly EventUse[],
  {
    unit,
    manifest,
    seen,
  }: {
    readonly unit: FeatureUnit;
    readonly manifest: Manifest | undefined;
    readonly seen: readonly string[];
  },
): Promise<FeaturesContent['event']> {
  const withFields = events.flatMap(({ event }) => {
    const declared = manifest?.events[event];
    const names = fieldsOf(event, declared, seen);
    return names.length > 0 ? [{ event, declared, names }] : [];
  });
  const wanted = asked.query['event'];
  const chosen = withFields.find(({ event }) => event === wanted) ?? withFields[0];
  if (chosen === undefined) return null;
  const { event, declared, names } = chosen;
  return askFields(asked, event, names, { unit, declared });
}

/** What is declared, and is neither in the answers of the span nor in those of the days of silence. */
function unusedOf(
  { events: declared }: Manifest,
  events: readonly EventUse[],
  { rows, left_out: leftOut }: SilenceAnswer,
): Declared[] {
  // Who is not in a list that was cut may have come all the same.
  if (leftOut > 0) return [];
  const come = new Set([
    ...events.map(({ event }) => event),
    ...rows.flatMap(({ name }) => name ?? []),
  ]);
  return Object.entries(declared).flatMap(([event, { description, fields }]): Declared[] => {
    if (!come.has(event)) return [{ kind: 'event', name: event, description }];
    return Object.entries(fields)
      .map(([name, field]) => [`${event}.${name}`, field.description ?? null] as const)
      .filter(([name]) => !come.has(name))
      .map(([name, of]) => ({ kind: 'field', name, description: of }));
  });
}
