import type { StoreReader } from './store-reader.js';
import type { StoreWriter } from './store-writer.js';

/** Where counts are kept. */
export interface Store {
  readonly writer: StoreWriter;
  readonly reader: StoreReader;
}
