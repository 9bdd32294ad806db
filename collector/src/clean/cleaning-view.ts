import { type Static, Type } from 'typebox';
import type {
  Cleaning,
  CleaningFigures,
  CleaningSelection,
  CleaningState,
} from '../rules/cleaning.js';
import { dateOfDay } from '../rules/day.js';

const count = (description: string) => Type.Integer({ minimum: 0, description });
const date = (description: string) =>
  Type.Union([Type.String({ format: 'date' }), Type.Null()], { description });
const values = (description: string) =>
  Type.Array(
    Type.Object(
      { value: Type.String(), people: Type.Integer({ minimum: 1 }) },
      { additionalProperties: false },
    ),
    { description },
  );

/** Values in an answer at most. */
const MAX_VALUES = 10;

const what = {
  project: Type.String(),
  from: date('The first of the days; null: all days'),
  to: date('The last of the days'),
  new: Type.Boolean({ description: 'Whether people are chosen by their first day alone' }),
  where: Type.Union(
    [
      Type.Object(
        { dimension: Type.String(), value: Type.String() },
        { additionalProperties: false },
      ),
      Type.Null(),
    ],
    { description: 'The value that they had on each of their days; null: any' },
  ),
  people: count('People'),
  ci: count('IDs of build farms'),
  reports: count(
    'Reports of these people, which stay in the numbers of reports as they do when a user is ' +
      'deleted; where the whole project, an event or a field is named, reports that are taken out',
  ),
  first_date: date('The first day of those'),
  last_date: date('The last day of those'),
  os: values(`The most frequent of their newest systems, up to ${MAX_VALUES}`),
  version: values(`The most frequent of their newest versions, up to ${MAX_VALUES}`),
};

/** The answer to a cleaning with `dry_run`. */
export const dryRunSchema = Type.Object(
  { dry_run: Type.Literal(true), ...what },
  { additionalProperties: false, description: 'What would be taken out. Nothing was changed' },
);

const STATES = ['running', 'done', 'undoing', 'undone', 'gone'] as const;

/** A cleaning, as the administrator sees it. */
export const cleaningSchema = Type.Object(
  {
    id: Type.String(),
    ...what,
    state: Type.Enum([...STATES], {
      description: 'gone: it can no longer be undone, and what it took out is erased',
    }),
    progress: Type.Number({
      minimum: 0,
      maximum: 1,
      description: 'How much of the work that runs is done',
    }),
    cleaned_at: Type.String({ format: 'date-time' }),
    undo_until: Type.String({ format: 'date-time' }),
    covered_by: Type.Array(Type.String(), {
      description: 'Later cleanings that took the same people: undo these first',
    }),
  },
  { additionalProperties: false },
);

/** The answer to `GET /v1/cleanings`. */
export const cleaningsSchema = Type.Object(
  { cleanings: Type.Array(cleaningSchema) },
  { additionalProperties: false, description: 'Newest first' },
);

type CleaningView = Static<typeof cleaningSchema>;

const STATE_NAMES: Readonly<Record<CleaningState, CleaningView['state']>> = {
  taking: 'running',
  taken: 'done',
  undoing: 'undoing',
  undone: 'undone',
  expiring: 'gone',
  expired: 'gone',
};

/** @param at - The moment of the answer, in milliseconds since 1970. */
export function toView(cleaning: Cleaning, at: number): CleaningView {
  const { id, selection, figures, state, share, cleanedAt, until, coveredBy } = cleaning;
  const isOver = state === 'taken' && at > until;
  return {
    id,
    ...describe(selection, figures),
    state: isOver ? 'gone' : STATE_NAMES[state],
    progress: share,
    cleaned_at: new Date(cleanedAt).toISOString(),
    undo_until: new Date(until).toISOString(),
    covered_by: [...coveredBy],
  };
}

/** The answer to a cleaning with `dry_run`. */
export const toDryRun = (
  selection: CleaningSelection,
  figures: CleaningFigures,
): Static<typeof dryRunSchema> => ({ dry_run: true, ...describe(selection, figures) });

function describe(
  { project, days, isNew, where }: CleaningSelection,
  { people, ci, reports, days: found, os, version }: CleaningFigures,
): Omit<Static<typeof dryRunSchema>, 'dry_run'> {
  return {
    project,
    from: days && dateOfDay(days.from),
    to: days && dateOfDay(days.to),
    new: isNew,
    where: where && { ...where },
    people,
    ci,
    reports,
    first_date: found && dateOfDay(found.from),
    last_date: found && dateOfDay(found.to),
    os: mostFrequent(os),
    version: mostFrequent(version),
  };
}

const mostFrequent = (counts: CleaningFigures['os']): CleaningView['os'] =>
  Object.entries(counts)
    .sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
    .slice(0, MAX_VALUES)
    .map(([value, people]) => ({ value, people }));
