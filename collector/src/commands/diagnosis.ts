/** What an examination has found, for people. */
export interface Diagnosis {
  /** What was examined, in few words. */
  readonly what: string;
  readonly isWell: boolean;
  /** What was found, and, if it is not well, what to do. */
  readonly text: string;
}
