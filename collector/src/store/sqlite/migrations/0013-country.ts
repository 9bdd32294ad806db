/**
 * The dimension `country`: `add-dimensions.ts` fills existing rows. The row `country_since` of `about` has the day by
 * UTC on which the first report came whose country was looked up.
 */
export const country = 'SELECT 1;';
