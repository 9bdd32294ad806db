import { type Static, Type } from 'typebox';
import { ProblemError } from '../errors.js';
import { LINE_LEVELS } from '../log-reading/log-line.js';
import type { LineFilter } from '../log-reading/read-log-page.js';
import { LOG_CLASSES, type LogClass } from '../logs/log-names.js';

/** The parameters that choose lines. */
export const filterMembers = {
  level: Type.Optional(Type.Enum([...LINE_LEVELS], { description: 'The least level of lines' })),
  source: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 100,
      description: 'The part of the collector that speaks, such as jobs',
    }),
  ),
};

const instant = (description: string) =>
  Type.Optional(Type.String({ format: 'date-time', description }));

/** The same, and a span of time. */
export const spanMembers = {
  ...filterMembers,
  from: instant('The first moment'),
  to: instant('The moment that follows the last'),
  class: Type.Optional(
    Type.Enum([...LOG_CLASSES], {
      description: 'Lines of one kind of files; access and error without it',
    }),
  ),
};

/** Reads the parameters. @throws `bad_parameter` */
export function readFilter({
  level,
  source,
  from,
  to,
}: Static<ReturnType<typeof Type.Object<typeof spanMembers>>>): LineFilter {
  const filter = {
    level,
    source,
    from: from === undefined ? undefined : Date.parse(from),
    to: to === undefined ? undefined : Date.parse(to),
  };
  if (filter.from !== undefined && filter.to !== undefined && filter.from >= filter.to) {
    throw new ProblemError('bad_parameter', 'from must be before to.', { parameter: 'from' });
  }
  return filter;
}

/** The classes that are read: requests' times are figures, and would drown the other lines. */
export const classesOf = (logClass: LogClass | undefined): readonly LogClass[] =>
  logClass === undefined ? ['access', 'error'] : [logClass];
