/** What an examination has found, for people. */
export interface Diagnosis {
  /** What was examined, in few words. */
  readonly what: string;
  /** `fail` means that reports are not taken or not counted, or that clients do not get through. */
  readonly state: 'ok' | 'warn' | 'fail';
  /** What was found, and, if it is not well, what to do. */
  readonly text: string;
}
