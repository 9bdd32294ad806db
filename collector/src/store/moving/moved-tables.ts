/** How the values of a column are written. */
export type ColumnKind = 'number' | 'text' | 'uid' | 'bytes' | 'bits';

/** A table that both kinds of stores have, as its rows move. */
export interface MovedTable {
  readonly name: string;
  readonly columns: Readonly<Record<string, ColumnKind>>;
  /** What tells its rows apart. */
  readonly key: readonly string[];
  /** Whether PostgreSQL has a lane for each node. */
  readonly isCounted?: true;
}

const USER: MovedTable['columns'] = {
  project_id: 'number',
  uid: 'uid',
  first_seen: 'number',
  last_seen: 'number',
  first_day: 'number',
  last_day: 'number',
  bits: 'bits',
  older: 'bytes',
  runs: 'bytes',
  said: 'bytes',
  os_id: 'number',
  version_id: 'number',
  reports: 'number',
  lost: 'number',
  flags: 'number',
  owner_hash: 'bytes',
};

function counted(name: string, key: Readonly<Record<string, ColumnKind>>): MovedTable {
  const columns = { project_id: 'number', ...key } as const;
  return { name, columns: { ...columns, n: 'number' }, key: Object.keys(columns), isCounted: true };
}

/**
 * All that counts consist of, in the order in which it moves. What follows from it, such as the people
 * seen last, is made anew.
 */
export const MOVED_TABLES: readonly MovedTable[] = [
  {
    name: 'projects',
    columns: { id: 'number', slug: 'text', newest_day: 'number' },
    key: ['id'],
  },
  {
    name: 'dims',
    columns: { project_id: 'number', value_id: 'number', dim: 'text', value: 'text' },
    key: ['project_id', 'value_id'],
  },
  {
    name: 'given_up',
    columns: { project_id: 'number', value_id: 'number', other_id: 'number' },
    key: ['project_id', 'value_id'],
  },
  { name: 'users', columns: USER, key: ['project_id', 'uid'] },
  { name: 'seen_reports', columns: { key: 'uid', day: 'number' }, key: ['key'] },
  { name: 'tombstones', columns: { uid: 'uid', deleted_at: 'number' }, key: ['uid'] },
  counted('quality', { day: 'number', kind: 'text' }),
  counted('totals', { total: 'text' }),
  counted('latest', { value_id: 'number' }),
  counted('newest_versions', { value_id: 'number', day: 'number' }),
  counted('gaps', { ci: 'number', day: 'number', gap: 'number' }),
  counted('value_gaps', { value_id: 'number', day: 'number', gap: 'number' }),
  counted('age_gaps', { age: 'number', day: 'number', gap: 'number' }),
  counted('retention', { interval: 'text', cohort: 'number', period: 'number' }),
  counted('report_days', { ci: 'number', day: 'number' }),
  counted('report_values', { value_id: 'number', day: 'number' }),
  {
    name: 'hours',
    columns: {
      ...{ project_id: 'number', hour: 'number', reports: 'number', first_at: 'number' },
      ...{ last_at: 'number', longest_ms: 'number' },
    },
    key: ['project_id', 'hour'],
  },
  {
    name: 'kept_days',
    columns: { what: 'text', first_run: 'number', last_run: 'number', days: 'number' },
    key: ['what', 'first_run'],
  },
  {
    name: 'cleanings',
    columns: {
      ...{ n: 'number', id: 'text', project_id: 'number', selection: 'text' },
      ...{ cleaned_at: 'number', until: 'number', state: 'text', cursor: 'uid' },
      ...{ done: 'number', total: 'number', figures: 'text' },
    },
    key: ['n'],
  },
  {
    name: 'cleaned_users',
    columns: { cleaning: 'number', ...USER },
    key: ['project_id', 'uid', 'cleaning'],
  },
  {
    name: 'cleaned_counts',
    columns: { cleaning: 'number', kind: 'text', key: 'text', day: 'number', n: 'number' },
    key: ['cleaning', 'kind', 'key', 'day'],
  },
  {
    name: 'cleaned_seen',
    columns: { cleaning: 'number', uid: 'uid' },
    key: ['cleaning', 'uid'],
  },
  {
    name: 'cleaned_said',
    columns: {
      ...{ cleaning: 'number', project_id: 'number', uid: 'uid', origin: 'number' },
      ...{ last_day: 'number', said: 'bytes' },
    },
    key: ['project_id', 'uid', 'cleaning', 'origin'],
  },
  {
    name: 'cleaning_covers',
    columns: { below: 'number', above: 'number' },
    key: ['below', 'above'],
  },
  {
    name: 'positions',
    columns: { journal_id: 'text', position: 'number', applied_at: 'number' },
    key: ['journal_id'],
  },
  { name: 'about', columns: { name: 'text', value: 'text' }, key: ['name'] },
];

/** A table by its name. */
export function movedTable(name: string): MovedTable {
  const found = MOVED_TABLES.find((table) => table.name === name);
  if (found === undefined) throw new Error(`No table ${name} moves.`);
  return found;
}
