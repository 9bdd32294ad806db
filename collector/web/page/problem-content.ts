/** What stands in the place of a page that cannot be shown. */
export interface ProblemContent {
  readonly page: 'problem';
  readonly problem: 'not-found' | 'token-required' | 'wrong-level' | 'too-many' | 'busy' | 'failed';
  /** What the collector says of it, in English; `null` if the page's own words say all. */
  readonly detail: string | null;
}
