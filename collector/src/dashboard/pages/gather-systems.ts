import type { SystemsContent } from '../../../web/page/systems-content.js';
import { PEOPLE_DIMENSIONS } from '../../rules/dimensions.js';
import type { Gather } from '../gather.js';
import { askValueShares, valueSpan } from './ask-values.js';

/** Values of each dimension on the page; in its CSV, and on the page if all are asked for. */
const [MOST_SHOWN, MOST_VALUES] = [30, 1000];

/** Versions of the program have a page of their own. */
const DIMENSIONS = PEOPLE_DIMENSIONS.filter((dimension) => dimension !== 'version');

export const gatherSystems: Gather = async (asked): Promise<SystemsContent> => {
  const { view, query } = asked;
  const whole = query['csv'] ?? query['all'] ?? null;
  const dimensions = await Promise.all(
    DIMENSIONS.map(async (dimension) =>
      askValueShares(asked, {
        ...{ dimension, metric: 'people' },
        // The names of tables in URLs are in kebab-case.
        limit: whole === dimension.replaceAll('_', '-') ? MOST_VALUES : MOST_SHOWN,
      }),
    ),
  );
  return { page: 'systems', view, span: valueSpan(view), dimensions, whole: query['all'] ?? null };
};
