/** Which users a question is about. */
export interface Scope {
  /** One project, or all when `null`. A user of two projects is two. */
  readonly project: string | null;
}

/** Days from one to another, both included; numbered since 1970. */
export interface DaysQuestion extends Scope {
  readonly from: number;
  readonly to: number;
}
