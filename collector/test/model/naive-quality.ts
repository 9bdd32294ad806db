import { addDays } from './calendar.js';
import type { NaiveAsked } from './naive-asked.js';
import { tally } from './naive-figures.js';
import { todayOf } from './naive-spans.js';
import { unusualIn } from './naive-unusual.js';

const KINDS = [
  'accepted',
  'duplicates',
  'late',
  'timestamps_clamped',
  'clock_corrected',
  'delayed',
  'day_uncertain',
  'timestamps_unreadable',
  'values_cut',
  'values_unexpected',
  'values_over_limit',
  'unknown_fields',
  'undeclared_events',
  'undeclared_fields',
  'undeclared_values',
  'too_old',
  'forgotten',
  'uncountable',
  'lost_in_restore',
  'unknown_losses',
];

/** By days of receipt, which are told by UTC whatever the project's zone. */
export function naiveQuality({ count, project, query, now }: NaiveAsked): object {
  const to = query['to'] ?? todayOf({ zone: 'UTC', now });
  const from = query['from'] ?? addDays(to, -29);
  const noted = count.noted(project).filter(({ date }) => date >= from && date <= to);
  const figures = tally(noted.map(({ kind }) => kind));
  const rejected = [...figures].filter(([kind]) => kind.startsWith('rejected:'));
  return {
    project,
    from,
    to,
    timezone: 'UTC',
    as_of: new Date(now).toISOString(),
    ...Object.fromEntries(KINDS.map((kind) => [kind, figures.get(kind) ?? 0])),
    rejected: Object.fromEntries(rejected.map(([kind, n]) => [kind.replace('rejected:', ''), n])),
    lost_estimate: count.lost(project),
    lost_cut: 0,
    full_places: [],
    unusual: unusualIn({ count, project }, { from, to }),
  };
}
