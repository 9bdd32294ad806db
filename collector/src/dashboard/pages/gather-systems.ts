import type { SystemsContent } from '../../../web/page/systems-content.js';
import type { ValueShares } from '../../../web/page/value-shares.js';
import { AGE_DIMENSION, AGES } from '../../rules/age.js';
import { PEOPLE_DIMENSIONS } from '../../rules/dimensions.js';
import type { Gather } from '../gather.js';
import { askValueShares, valueSpan, valueView } from './ask-values.js';

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
  return {
    page: 'systems',
    view: valueView(view),
    span: valueSpan(view),
    dimensions: dimensions.map(inOrder),
    whole: query['all'] ?? null,
  };
};

/** Ages have an order of their own: the youngest first. */
function inOrder(values: ValueShares): ValueShares {
  if (values.dimension !== AGE_DIMENSION) return values;
  const placeOf = (value: string): number => {
    const place = AGES.findIndex((age) => age === value);
    return place === -1 ? AGES.length : place;
  };
  return { ...values, rows: values.rows.toSorted((a, b) => placeOf(a.value) - placeOf(b.value)) };
}
