import { tallyMergedSaid } from '../../rules/tally.js';
import type { Database } from '../../sqlite/database.js';
import type { Resolve } from '../codec/resolve.js';
import { decodeSaid, eachSaid } from '../codec/said-column.js';

/** Values of a dimension that become `other`. */
export interface ValuesMerge {
  readonly otherId: number;
  /** The values and `other`. */
  readonly merged: ReadonlySet<number>;
  /** The days on which people had one of the values, `other` apart. */
  readonly first: number;
  readonly last: number;
}

interface Row {
  readonly uid: Buffer;
  readonly last_day: number;
  readonly said: Buffer;
}

const PAGE = 1000;

/**
 * Prepares counting anew those people who have said several values that become one. It passes over a
 * project's users once.
 *
 * @param addGap - Adds to a row of `value_gaps`: the value, the day, the gap, and the number.
 */
export function prepareMergeSaid(
  db: Database,
  resolve: Resolve,
  addGap: (row: readonly number[]) => void,
): (projectId: number, merges: readonly ValuesMerge[]) => void {
  const scan = db.prepare<Row>(
    `SELECT uid, last_day, said FROM users
     WHERE project_id = ? AND uid > ? AND last_day >= ? AND first_day <= ? AND said <> x''
     ORDER BY uid LIMIT ${PAGE}`,
  );
  return (projectId, merges) => {
    const first = Math.min(...merges.map((merge) => merge.first));
    const last = Math.max(...merges.map((merge) => merge.last));
    const mergeOf = new Map(merges.flatMap((one) => [...one.merged].map((id) => [id, one])));
    const changes = new Map<string, { readonly row: readonly number[]; by: number }>();
    let uid: Uint8Array = new Uint8Array(0);
    for (let isMore = first <= last; isMore;) {
      const rows = scan.all([projectId, uid, first, last]);
      isMore = rows.length === PAGE;
      for (const row of rows) {
        uid = row.uid;
        const several = findSeveral(row.said, mergeOf, resolve);
        if (several.size === 0) continue;
        const said = decodeSaid(row.said, row.last_day, resolve);
        for (const { otherId, merged } of several) {
          tallyMergedSaid(said, merged, (day, gap, by) => {
            const key = `${otherId} ${day} ${gap}`;
            const change = changes.get(key);
            if (change) change.by += by;
            else changes.set(key, { row: [otherId, day, gap], by });
          });
        }
      }
    }
    for (const { row, by } of changes.values()) if (by !== 0) addGap([...row, by]);
  };
}

/** The merges of which somebody said several values. */
function findSeveral(
  said: Uint8Array,
  mergeOf: ReadonlyMap<number, ValuesMerge>,
  resolve: Resolve,
): ReadonlySet<ValuesMerge> {
  const found = new Map<ValuesMerge, number>();
  const several = new Set<ValuesMerge>();
  eachSaid(said, (id) => {
    const valueId = resolve(id);
    const merge = mergeOf.get(valueId);
    if (merge === undefined) return;
    const before = found.get(merge);
    if (before !== undefined && before !== valueId) several.add(merge);
    found.set(merge, valueId);
  });
  return several;
}
