import type { SchemaChange } from './sqlite/bring-up-to-date.js';
import { toMegabytes } from './sqlite/to-megabytes.js';

/** What a change of a schema did, for people. */
export function describeSchemaChange(change: SchemaChange): string {
  const { file, from, to, migrations, rows, snapshot, tookMs } = change;
  const room = change.snapshotBytes + change.logBytes + change.bytesAfter - change.bytesBefore;
  const lines = [
    `${file}: schema ${from} to ${to} (${migrations.join(', ')})`,
    `  took ${(tookMs / 1000).toFixed(1)} s; ${toMegabytes(change.bytesBefore)} before, ${toMegabytes(change.bytesAfter)} after; took up to ${toMegabytes(Math.max(0, room))} more meanwhile`,
    `  snapshot: ${snapshot === null ? 'none was needed' : toMegabytes(change.snapshotBytes)}`,
    ...rows.map(({ table, before, after }) => `  ${table}: ${before} rows to ${after}`),
  ];
  return lines.join('\n');
}
