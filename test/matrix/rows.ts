import { BUNDLER_ROWS } from './bundler-rows.js';
import { NEXT_ROW } from './next-row.js';
import type { Row } from './row.js';
import { EXECUTABLE_ROWS } from './executable-rows.js';
import { RUNTIME_ROWS } from './runtime-rows.js';
import { TRACED_ROWS } from './traced-rows.js';

/** All rows, in the order of the table. */
export const ROWS: readonly Row[] = [
  ...RUNTIME_ROWS,
  ...EXECUTABLE_ROWS,
  ...BUNDLER_ROWS,
  ...TRACED_ROWS,
  NEXT_ROW,
];
