/** Something that the API says by a code, with its figures and names. */
export interface Cause {
  readonly code: string;
  readonly values: Readonly<Record<string, string | number | null>>;
  /** Its sentence, in the page's language: the server words it, so that scripts are small. */
  readonly text?: string;
}
