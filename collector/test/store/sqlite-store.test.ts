import { join } from 'node:path';
import { describe } from 'vitest';
import { openCountsReader } from '../../src/store/sqlite/counts-reader.js';
import { openCountsWriter } from '../../src/store/sqlite/counts-writer.js';
import { storeContract } from '../contracts/store-contract.js';
import { temporaryFolder } from '../support/temporary-folder.js';

describe('the SQLite store', () => {
  storeContract(() => {
    const path = join(temporaryFolder(), 'counts.db');
    const writer = openCountsWriter(path, 0);
    return { writer, reader: openCountsReader(path) };
  });
});
