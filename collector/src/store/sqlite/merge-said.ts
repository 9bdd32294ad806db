import { tallyMergedSaid } from '../../rules/tally.js';
import type { Database } from '../../sqlite/database.js';
import type { Resolve } from '../codec/resolve.js';
import { decodeSaid } from '../codec/said-column.js';
import { GapChanges, saidSeveral, type ValuesMerge } from '../merged-values.js';

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
    const changes = new GapChanges();
    let uid: Uint8Array = new Uint8Array(0);
    for (let isMore = first <= last; isMore;) {
      const rows = scan.all([projectId, uid, first, last]);
      isMore = rows.length === PAGE;
      for (const row of rows) {
        uid = row.uid;
        const several = saidSeveral(row.said, mergeOf, resolve);
        if (several.size === 0) continue;
        const said = decodeSaid(row.said, row.last_day, resolve);
        for (const { otherId, merged } of several) {
          tallyMergedSaid(said, merged, (day, gap, by) => changes.add(otherId, day, gap, by));
        }
      }
    }
    changes.tell(addGap);
  };
}
