import type {
  Cleaning,
  CleaningFigures,
  CleaningSelection,
  CleaningState,
} from '../../../rules/cleaning.js';
import type { Database } from '../../../sqlite/database.js';

/** A cleaning and how far its running step is. */
export interface CleaningRow {
  /** Its number: later cleanings have larger ones. */
  readonly n: number;
  readonly projectId: number;
  readonly selection: CleaningSelection;
  readonly until: number;
  readonly state: CleaningState;
  /** The last user that the running step has looked at. */
  readonly cursor: Buffer;
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
  add(row: Omit<CleaningRow, 'n' | 'cursor' | 'done'> & Pick<Cleaning, 'id' | 'cleanedAt'>): number;
  find(id: string): CleaningRow | undefined;
  /** The cleaning of which a step runs: one that takes or gives back, else one that expires. */
  running(): CleaningRow | undefined;
  /** The cleanings that can be undone up to a moment, in milliseconds since 1970. */
  over(at: number): CleaningRow[];
  /** Whether a later cleaning took the same people and is not undone. */
  isCovered(n: number): boolean;
  write(row: CleaningRow, progress: CleaningProgress): void;
}

interface StoredRow {
  readonly n: number;
  readonly project_id: number;
  readonly selection: string;
  readonly until: number;
  readonly state: CleaningState;
  readonly cursor: Buffer;
  readonly done: number;
  readonly total: number;
  readonly figures: string;
}

/** The later cleanings that took people of a cleaning, and hold them still. */
const COVERING = `
  FROM cleaning_covers JOIN cleanings AS later ON later.n = above
  WHERE below = ?1 AND later.state IN ('taking', 'taken', 'undoing')`;

/** Creates the access to the table on the writing connection. */
export function createCleaningsTable(db: Database): CleaningsTable {
  const add = db.prepare(
    `INSERT INTO cleanings(id, project_id, selection, cleaned_at, until, state, total, figures)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const find = db.prepare<StoredRow>('SELECT * FROM cleanings WHERE id = ?');
  const running = db.prepare<StoredRow>(
    `SELECT * FROM cleanings WHERE state IN ('taking', 'undoing', 'expiring')
     ORDER BY state = 'expiring', n LIMIT 1`,
  );
  const over = db.prepare<StoredRow>(
    `SELECT * FROM cleanings WHERE state = 'taken' AND until <= ? ORDER BY n`,
  );
  const covering = db.prepare<{ n: number }>(`SELECT count(*) AS n ${COVERING}`);
  const write = db.prepare(
    'UPDATE cleanings SET state = ?, cursor = ?, done = ?, total = ?, figures = ? WHERE n = ?',
  );

  return {
    add: ({ id, projectId, selection, cleanedAt, until, state, total, figures }) =>
      add.run([
        ...[id, projectId, JSON.stringify(selection), cleanedAt, until, state, total],
        JSON.stringify(figures),
      ]).lastInsertRowid,
    find: (id) => toRow(find.get([id])),
    running: () => toRow(running.get()),
    over: (at) => over.all([at]).map((row) => fromStored(row)),
    isCovered: (n) => (covering.get([n])?.n ?? 0) > 0,
    write: (row, progress) => {
      const { n, state, cursor, done, total, figures } = { ...row, ...progress };
      write.run([state, cursor, done, total, JSON.stringify(figures), n]);
    },
  };
}

const toRow = (row: StoredRow | undefined): CleaningRow | undefined => row && fromStored(row);

function fromStored({ project_id, selection, figures, ...rest }: StoredRow): CleaningRow {
  return {
    ...rest,
    projectId: project_id,
    selection: JSON.parse(selection) as CleaningSelection,
    figures: JSON.parse(figures) as CleaningFigures,
  };
}

/** Prepares the list of cleanings, newest first. */
export function prepareCleanings(db: Database): () => Cleaning[] {
  const all = db.prepare<StoredRow & { readonly id: string; readonly cleaned_at: number }>(
    'SELECT * FROM cleanings ORDER BY n DESC',
  );
  const covering = db.prepare<{ id: string }>(`SELECT later.id AS id ${COVERING} ORDER BY later.n`);
  return () =>
    all.all().map((row) => {
      const { n, selection, until, state, done, total, figures } = {
        ...fromStored(row),
        n: row.n,
      };
      return {
        id: row.id,
        selection,
        cleanedAt: row.cleaned_at,
        until,
        state,
        share: total === 0 ? 1 : Math.min(1, done / total),
        figures,
        coveredBy: covering.all([n]).map(({ id }) => id),
      };
    });
}
