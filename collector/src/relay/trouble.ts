/** Why nothing is passed on. */
export interface Trouble {
  /** In milliseconds since 1970. */
  readonly since: number;
  readonly reason: string;
  /** Whether it will not pass by itself. */
  readonly isCertain?: boolean;
}
