import { type Static, Type } from 'typebox';
import { ProblemError } from '../errors.js';
import type { CleanedDays, CleanedValue, CleaningSelection } from '../rules/cleaning.js';
import { dayOfDate } from '../rules/day.js';
import { EVENT_DIMENSION, USER_DIMENSIONS } from '../rules/dimensions.js';

const date = (description: string) =>
  Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$', description });

/** What `POST /v1/projects/{project}/cleanings` takes out. */
export const cleaningBody = Type.Object(
  {
    day: Type.Optional(date('One day, in the time zone of the project; instead of from and to')),
    from: Type.Optional(date('The first day')),
    to: Type.Optional(date('The last day, itself included')),
    new: Type.Optional(
      Type.Boolean({
        description:
          'true: people whose first day is one of the days, with all of their days. Without it: ' +
          'people of whom every day is one of the days',
      }),
    ),
    where: Type.Optional(
      Type.Object(
        {
          dimension: Type.String({
            maxLength: 200,
            description: `${USER_DIMENSIONS.join(', ')}: people who had the value on each of their days. event, field:<event>.<name>: counts of reports with the value, and no people`,
          }),
          value: Type.String({ maxLength: 256 }),
        },
        { additionalProperties: false },
      ),
    ),
    dry_run: Type.Optional(
      Type.Boolean({ description: 'true: only tell what would be taken out' }),
    ),
  },
  {
    additionalProperties: false,
    description: 'With nothing but dry_run, the whole project is taken out',
  },
);

type CleaningBody = Static<typeof cleaningBody>;

const DIMENSIONS = [...USER_DIMENSIONS, EVENT_DIMENSION, 'field:<event>.<name>'];

/** @throws `bad_cleaning` if it cannot be meant. */
export function readSelection(project: string, body: CleaningBody): CleaningSelection {
  const { new: isNew = false } = body;
  const days = readDays(body);
  const where = body.where ?? null;
  if (where !== null && !isDimension(where)) {
    refuse('/where/dimension', 'There is no such dimension.', DIMENSIONS);
  }
  const isOfPeople = where === null || USER_DIMENSIONS.some((name) => name === where.dimension);
  if (isNew && days === null) refuse('/new', 'Name the days on which people were new.');
  if (isNew && !isOfPeople) {
    refuse(
      '/new',
      'Counts of reports belong to no people: leave it out, or name a fact of people.',
    );
  }
  return { project, days, isNew, where };
}

function readDays({ day, from, to }: CleaningBody): CleanedDays | null {
  if (day !== undefined) {
    if (from !== undefined || to !== undefined) refuse('/day', 'Give day, or from and to.');
    return { from: toDay('/day', day), to: toDay('/day', day) };
  }
  if (from === undefined && to === undefined) return null;
  if (from === undefined) return refuse('/from', 'Give both from and to.');
  if (to === undefined) return refuse('/to', 'Give both from and to.');
  const days = { from: toDay('/from', from), to: toDay('/to', to) };
  if (days.from > days.to) refuse('/from', 'The first day must not be after the last one.');
  return days;
}

const toDay = (path: string, date: string): number =>
  dayOfDate(date) ?? refuse(path, 'There is no such day.');

const isDimension = ({ dimension }: CleanedValue): boolean =>
  USER_DIMENSIONS.some((name) => name === dimension) ||
  dimension === EVENT_DIMENSION ||
  /^field:[^.]+\../.test(dimension);

function refuse(path: string, detail: string, allowed?: readonly string[]): never {
  throw new ProblemError('bad_cleaning', detail, { path, ...(allowed && { allowed }) });
}
