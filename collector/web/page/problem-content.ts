/** Why something cannot be shown, or was not done. */
export type ProblemName =
  | ('not-found' | 'token-required' | 'wrong-level' | 'too-many' | 'busy' | 'failed' | 'disk-full')
  | ('too-costly' | 'wrong-address' | 'form-old' | 'foreign-form' | 'wrong-form');

/** What stands in the place of a page that cannot be shown. */
export interface ProblemContent {
  readonly page: 'problem';
  readonly problem: ProblemName;
  /** The path of the page that a refused form is of; `null` where no form was sent. */
  readonly back: string | null;
}
