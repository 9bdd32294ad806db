import { join } from 'node:path';
import { openWriter } from '../../src/sqlite/database.js';
import { openCountsReader } from '../../src/store/sqlite/counts-reader.js';
import { openCountsWriter } from '../../src/store/sqlite/counts-writer.js';
import { rebuildRollups } from '../../src/store/sqlite/rebuild-rollups.js';
import type { MakePlace } from '../contracts/model-place.js';
import { temporaryFolder } from './temporary-folder.js';

/** A file that a model's store is kept in. */
export const sqlitePlace: MakePlace = (sliceUsers) => {
  const path = join(temporaryFolder(), 'counts.db');
  return {
    open: () => ({
      writer: openCountsWriter(
        ...([path, 0, undefined, undefined] as const),
        sliceUsers === undefined ? {} : { sliceUsers },
      ),
      reader: openCountsReader(path),
    }),
    rebuild: () => {
      const db = openWriter(path, { walPages: 1000 });
      db.transaction(() => rebuildRollups(db));
      db.close();
    },
  };
};
