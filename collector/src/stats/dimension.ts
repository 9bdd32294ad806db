import { EVENT_DIMENSION, USER_DIMENSIONS } from '../counting/dimensions.js';
import { refuseParameter } from './parameters.js';

/** Says for people what a dimension may be. */
export const DIMENSIONS_HELP =
  `People by ${USER_DIMENSIONS.join(', ')}; reports by event or field:<event>.<name>. ` +
  'Whoever had several values counts under each of them';

/** What a dimension tells apart. */
export type Unit = 'people' | 'reports';

const REPORT_DIMENSIONS = [EVENT_DIMENSION, 'field:<event>.<name>'];

/** What a dimension tells apart. @throws `bad_parameter` */
export function unitOf(dimension: string, parameter: string, units: readonly Unit[]): Unit {
  const isOfPeople = USER_DIMENSIONS.some((name) => name === dimension);
  const isOfReports = dimension === EVENT_DIMENSION || /^field:[^.]+\../.test(dimension);
  if (isOfPeople && units.includes('people')) return 'people';
  if (isOfReports && units.includes('reports')) return 'reports';
  const allowed = [
    ...(units.includes('people') ? USER_DIMENSIONS : []),
    ...(units.includes('reports') ? REPORT_DIMENSIONS : []),
  ];
  return refuseParameter(parameter, 'It cannot be told apart by that.', allowed);
}
