/** The fields of a form. */
export type Form = Readonly<Record<string, string>>;

/** A form says what no request to the API can. */
export class FormError extends Error {
  override readonly name = 'FormError';

  constructor(
    readonly field: string,
    /** As the page's texts name it. */
    readonly code: string,
    detail: string,
  ) {
    super(detail);
  }
}
