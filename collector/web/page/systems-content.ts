import type { ValueShares, ValueSpan } from './value-shares.js';
import type { View } from './view.js';

/** What people run the program on. */
export interface SystemsContent {
  readonly page: 'systems';
  readonly view: View;
  readonly span: ValueSpan;
  /** In the order of the API. */
  readonly dimensions: readonly ValueShares[];
  /** The dimension of which all values are shown; `null` if only the first ones of each are. */
  readonly whole: string | null;
}
