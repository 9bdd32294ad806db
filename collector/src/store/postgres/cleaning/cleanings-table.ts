import type {
  Cleaning,
  CleaningFigures,
  CleaningSelection,
  CleaningState,
} from '../../../rules/cleaning.js';
import type { Connection } from '../connection.js';

/** A cleaning and how far its running step is. */
export interface CleaningRow {
  /** Its number: later cleanings have larger ones. */
  readonly n: number;
  readonly id: string;
  readonly projectId: number;
  readonly selection: CleaningSelection;
  /** In milliseconds since 1970. */
  readonly cleanedAt: number;
  /** In milliseconds since 1970. */
  readonly until: number;
  readonly state: CleaningState;
  /** The last user that the running step has looked at, as `uuid`; `null` before the first. */
  readonly cursor: string | null;
  /** Users that the running step has looked at, and all that it will look at, about. */
  readonly done: number;
  readonly total: number;
  readonly figures: CleaningFigures;
}

/** What changes of a cleaning. */
export type CleaningProgress = Partial<
  Pick<CleaningRow, 'state' | 'cursor' | 'done' | 'total' | 'figures'>
>;

/** The table of cleanings. Use it inside a transaction. */
export interface CleaningsTable {
  add(row: Omit<CleaningRow, 'n' | 'cursor' | 'done'>): Promise<number>;
  find(id: string): Promise<CleaningRow | undefined>;
  /** The cleaning of which a step runs: one that takes or gives back, else one that expires. */
  running(): Promise<CleaningRow | undefined>;
  /** The cleanings that can be undone up to a moment, in milliseconds since 1970. */
  over(at: number): Promise<CleaningRow[]>;
  /** Whether a later cleaning took the same people and is not undone. */
  isCovered(n: number): Promise<boolean>;
  write(row: CleaningRow, progress: CleaningProgress): Promise<void>;
}

interface StoredRow {
  readonly n: number;
  readonly id: string;
  readonly project_id: number;
  readonly selection: string;
  readonly cleaned_at: number;
  readonly until: number;
  readonly state: CleaningState;
  readonly cursor: string | null;
  readonly done: number;
  readonly total: number;
  readonly figures: string;
}

/** The later cleanings that took people of a cleaning, and hold them still. */
const COVERING = `
  FROM cleaning_covers JOIN cleanings AS later ON later.n = above
  WHERE below = $1 AND later.state IN ('taking', 'taken', 'undoing')`;

/** Creates the access to the table. */
export function createCleaningsTable(connection: Connection): CleaningsTable {
  const one = async (sql: string, values: readonly unknown[]): Promise<CleaningRow | undefined> => {
    const row = await connection.get<StoredRow>(sql, values);
    return row && fromStored(row);
  };
  return {
    add: async ({ id, projectId, selection, cleanedAt, until, state, total, figures }) => {
      const row = await connection.get<{ n: number }>(
        `INSERT INTO cleanings(id, project_id, selection, cleaned_at, until, state, total, figures)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING n`,
        [
          ...[id, projectId, JSON.stringify(selection), cleanedAt, until, state, total],
          JSON.stringify(figures),
        ],
      );
      if (row === undefined) throw new Error('A cleaning that was just written is not there.');
      return row.n;
    },
    find: (id) => one('SELECT * FROM cleanings WHERE id = $1', [id]),
    running: () =>
      one(
        `SELECT * FROM cleanings WHERE state IN ('taking', 'undoing', 'expiring')
         ORDER BY state = 'expiring', n LIMIT 1`,
        [],
      ),
    over: async (at) => {
      const rows = await connection.all<StoredRow>(
        `SELECT * FROM cleanings WHERE state = 'taken' AND until <= $1 ORDER BY n`,
        [at],
      );
      return rows.map(fromStored);
    },
    isCovered: async (n) =>
      ((await connection.get<{ n: number }>(`SELECT count(*) AS n ${COVERING}`, [n]))?.n ?? 0) > 0,
    write: async (row, progress) => {
      const { n, state, cursor, done, total, figures } = { ...row, ...progress };
      await connection.run(
        `UPDATE cleanings SET state = $1, cursor = $2, done = $3, total = $4, figures = $5
         WHERE n = $6`,
        [state, cursor, done, total, JSON.stringify(figures), n],
      );
    },
  };
}

function fromStored(row: StoredRow): CleaningRow {
  const { n, id, until, state, cursor, done, total } = row;
  return {
    ...{ n, id, until, state, cursor, done, total },
    projectId: row.project_id,
    cleanedAt: row.cleaned_at,
    selection: JSON.parse(row.selection) as CleaningSelection,
    figures: JSON.parse(row.figures) as CleaningFigures,
  };
}

/** The list of cleanings, newest first. */
export async function listCleanings(connection: Connection): Promise<Cleaning[]> {
  const rows = await connection.all<StoredRow>('SELECT * FROM cleanings ORDER BY n DESC');
  const all: Cleaning[] = [];
  for (const row of rows.map(fromStored)) {
    const { id, selection, cleanedAt, until, state, done, total, figures } = row;
    const covering = await connection.all<{ id: string }>(
      `SELECT later.id AS id ${COVERING} ORDER BY later.n`,
      [row.n],
    );
    all.push({
      ...{ id, selection, cleanedAt, until, state, figures },
      share: total === 0 ? 1 : Math.min(1, done / total),
      coveredBy: covering.map((one) => one.id),
    });
  }
  return all;
}
