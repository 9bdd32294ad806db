import type { NaiveCount } from './naive-count.js';

/** What a question is answered from. */
export interface NaiveAsked {
  readonly count: NaiveCount;
  readonly query: Readonly<Record<string, string>>;
  readonly project: string | null;
  readonly zone: string;
  readonly now: number;
}
