import { statSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { type JournalOf, type JournalOptions, openJournalOf } from '../journal/journal.js';
import { openReader } from '../sqlite/database.js';
import { decodeRelayEntry, encodeRelayEntry, type RelayEntry } from './relay-entry.js';

/** A row of the queue. */
export interface RelayRow {
  readonly position: number;
  readonly body: string;
}

/** A person, as reports name one. */
export interface Person {
  readonly project: string;
  readonly anonymousId: string;
}

/** The reports that wait to be passed on, on disk. */
export interface RelayQueue {
  readonly journal: JournalOf<RelayEntry>;
  /** How many there are. */
  readonly waiting: number;
  /** Bytes of its file. */
  readonly bytes: number;
  /** When the oldest of them was received, in milliseconds since 1970; `null` if none waits. */
  oldestAt(): number | null;
  /** Rows after a position, within bounds of memory. */
  read(after: number): RelayRow[];
  /** All rows of a person. */
  find(person: Person): Promise<RelayRow[]>;
  /** Removes rows. */
  remove(positions: readonly number[]): Promise<void>;
  close(): Promise<void>;
}

/** Rows and characters that are read at once, at most. */
const MAX_ROWS = 500;
const MAX_CHARACTERS = 2 * 1024 ** 2;

/** Rows of one step of reading: a report has at most some hundred kilobytes. */
const STEP_ROWS = 20;

/** Rows of one step of a search. The next request need not wait longer for its turn. */
const SEARCHED_ROWS = 2000;

/** Opens the queue. */
export async function openRelayQueue(
  options: Omit<JournalOptions, 'pepperId'>,
): Promise<RelayQueue> {
  const { path } = options;
  // Nothing in it is hashed.
  const journal = await openJournalOf({ ...options, pepperId: 'none' }, encodeRelayEntry);
  const db = openReader(path);
  const page = db.prepare<RelayRow>(
    'SELECT position, body FROM entries WHERE position > ? ORDER BY position LIMIT ?',
  );
  const search = db.prepare<RelayRow>(
    `SELECT position, body FROM entries
     WHERE position > ? AND position <= ? AND instr(body, ?) > 0`,
  );
  const count = db.prepare<{ n: number; least: number | null }>(
    'SELECT count(*) AS n, min(position) AS least FROM entries',
  );
  const before = { waiting: count.get()?.n ?? 0, committed: journal.committed };
  let removed = 0;

  return {
    journal,
    get waiting() {
      return before.waiting + (journal.committed - before.committed) - removed;
    },
    get bytes() {
      return [path, `${path}-wal`].reduce(
        (sum, file) => sum + (statSync(file, { throwIfNoEntry: false })?.size ?? 0),
        0,
      );
    },
    oldestAt: () => {
      const [oldest] = page.all([0, 1]);
      return oldest === undefined ? null : decodeRelayEntry(oldest.body).receivedAt;
    },
    read: (after) => {
      const rows: RelayRow[] = [];
      let characters = 0;
      while (rows.length < MAX_ROWS && characters < MAX_CHARACTERS) {
        const step = page.all([rows.at(-1)?.position ?? after, STEP_ROWS]);
        rows.push(...step);
        characters += step.reduce((sum, { body }) => sum + body.length, 0);
        if (step.length < STEP_ROWS) break;
      }
      return rows;
    },
    find: async ({ project, anonymousId }) => {
      const found: RelayRow[] = [];
      const text = `"anonymous_id":${JSON.stringify(anonymousId)}`;
      const last = journal.committed;
      let after = (count.get()?.least ?? last + 1) - 1;
      for (; after < last; after += SEARCHED_ROWS) {
        const rows = search.all([after, after + SEARCHED_ROWS, text]);
        found.push(
          ...rows.filter(({ body }) => {
            const { report } = decodeRelayEntry(body);
            return report.anonymous_id === anonymousId && report.project.toWellFormed() === project;
          }),
        );
        await nextTurn();
      }
      return found;
    },
    remove: async (positions) => {
      if (positions.length === 0) return;
      const found = await journal.remove(positions);
      removed += found;
    },
    close: async () => {
      db.close();
      await journal.close();
    },
  };
}
