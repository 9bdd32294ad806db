import type { AddedIndex } from './migration.js';

/** Each batch removes the tombstones that have expired: without the index it reads all of them. */
export const tombstonesByTime: AddedIndex = {
  name: 'tombstones by time',
  index: 'tombstones_deleted_at',
  on: 'tombstones(deleted_at)',
};
