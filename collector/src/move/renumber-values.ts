import { decodeRuns, encodeRuns } from '../store/codec/runs-column.js';
import { decodeSaid, eachSaid, encodeSaid, NO_VALUE } from '../store/codec/said-column.js';
import type { MovedRow, RowReader } from '../store/moving/move-side.js';
import { movedTable, type MovedTable } from '../store/moving/moved-tables.js';

/** What a move makes of rows before they are written. */
export type ChangeRows = (
  table: MovedTable,
  rows: readonly MovedRow[],
) => Promise<readonly MovedRow[]>;

/** Rows of values that are read at once. */
const PAGE = 5000;

/** Columns that have the ID of a value. */
const VALUES = ['value_id', 'other_id', 'os_id', 'version_id'];

/**
 * Numbers the values of all projects one after the other, for a store that numbers them so: in the
 * order of projects, and of their IDs in these.
 */
export async function renumberValues(source: RowReader): Promise<ChangeRows> {
  const numbers = await numbersOf(source);
  const projectOf = await projectsOfCleanings(source);
  const change = (row: MovedRow, projectId: number): MovedRow => {
    const known = numbers.get(projectId);
    // What no project has is no value: it is named by nothing.
    const resolve = (id: number): number => known?.get(id) ?? NO_VALUE;
    const changed: Record<string, MovedRow[string]> = { ...row };
    for (const column of VALUES) {
      if (row[column] !== undefined) changed[column] = resolve(Number(row[column]));
    }
    const lastDay = Number(row['last_day']);
    if (typeof row['runs'] === 'string') {
      const runs = decodeRuns(bytesOf(row['runs']), lastDay, resolve);
      changed['runs'] = encodeRuns(runs, lastDay).toString('hex');
    }
    if (typeof row['said'] === 'string') {
      const said = decodeSaid(bytesOf(row['said']), lastDay, resolve);
      changed['said'] = encodeSaid(said, lastDay).toString('hex');
    }
    if (row['kind'] === 'value') changed['key'] = String(resolve(Number(row['key'])));
    return changed;
  };
  return (table, rows) => {
    if (table.name === 'cleaned_counts') {
      const changed = rows.map((row) => change(row, projectOf.get(Number(row['cleaning'])) ?? 0));
      return Promise.resolve(changed);
    }
    const { columns } = table;
    const hasValues = [...VALUES, 'said'].some((column) => column in columns);
    if (!hasValues) return Promise.resolve(rows);
    return Promise.resolve(rows.map((row) => change(row, Number(row['project_id']))));
  };
}

const bytesOf = (hex: string): Buffer => Buffer.from(hex, 'hex');

/** The new IDs of all values, those that gave their places up too, by project. */
async function numbersOf(source: RowReader): Promise<Map<number, Map<number, number>>> {
  const ids = new Map<number, Set<number>>();
  for (const name of ['dims', 'given_up']) {
    await eachRow(source, movedTable(name), (row) => {
      const projectId = Number(row['project_id']);
      const known = ids.get(projectId) ?? new Set();
      ids.set(projectId, known.add(Number(row['value_id'])));
    });
  }
  let next = NO_VALUE + 1;
  const numbered = [...ids]
    .sort(([a], [b]) => a - b)
    .map(([projectId, known]) => {
      const sorted = [...known].sort((a, b) => a - b);
      return [projectId, new Map(sorted.map((id) => [id, next++]))] as const;
    });
  return new Map(numbered);
}

async function projectsOfCleanings(source: RowReader): Promise<Map<number, number>> {
  const projects = new Map<number, number>();
  await eachRow(source, movedTable('cleanings'), (row) => {
    projects.set(Number(row['n']), Number(row['project_id']));
  });
  return projects;
}

async function eachRow(
  source: RowReader,
  table: MovedTable,
  tell: (row: MovedRow) => void,
): Promise<void> {
  for (let after: MovedRow | null = null; ;) {
    const rows: readonly MovedRow[] = await source.page(table, after, PAGE);
    rows.forEach(tell);
    after = rows.at(-1) ?? null;
    if (rows.length < PAGE) return;
  }
}

/**
 * The values without a place that rows name: those of dimensions that gave theirs up. SQLite does not
 * keep whose they were, and where values are numbered within projects, that must be known.
 */
export function findDropped(rows: readonly MovedRow[], dropped: ReadonlySet<number>): MovedRow[] {
  const found = new Map<string, MovedRow>();
  for (const { project_id: projectId, said } of rows) {
    if (typeof said !== 'string' || said === '') continue;
    eachSaid(bytesOf(said), (valueId) => {
      if (!dropped.has(valueId)) return;
      const row = { project_id: projectId ?? 0, value_id: valueId, other_id: NO_VALUE };
      found.set(`${String(projectId)} ${valueId}`, row);
    });
  }
  return [...found.values()];
}
