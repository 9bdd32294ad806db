import type { ProblemName } from './problem-content.js';

/** A part of a page. One that failed does not take the others down. */
export type Part<Value> =
  | { readonly state: 'shown'; readonly value: Value }
  /** The caller may not see it: it is absent. */
  | { readonly state: 'hidden' }
  | {
      readonly state: 'failed';
      readonly problem: ProblemName;
    };
