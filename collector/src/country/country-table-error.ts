/** Why a table cannot be used. */
export type CountryTableProblem =
  | 'country_table_missing'
  | 'country_table_unreadable'
  | 'country_table_malformed'
  | 'country_table_too_large';

/** A table of countries cannot be used. The message says why, and begins with a small letter. */
export class CountryTableError extends Error {
  override readonly name = 'CountryTableError';

  constructor(
    readonly code: CountryTableProblem,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
