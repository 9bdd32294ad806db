import { expect } from 'vitest';
import { readCsv } from '../support/read-csv.js';
import { naiveAnswer } from './naive-answer.js';
import type { NaiveCount } from './naive-count.js';
import { columnsOf, type NaiveRow, rowsOf, toCell } from './naive-rows.js';
import type { Question } from './questions.js';

/** An answer as it came; of a stream of events, the data of the first. */
export interface AskedAnswer {
  readonly status: number;
  readonly text: string;
  /** The header that tells what is counted in it, of those that have one. */
  readonly asOf?: unknown;
}

/** Asks a collector over HTTP, or as if. */
export type Ask = (url: string) => Promise<AskedAnswer>;

type Body = Readonly<Record<string, unknown>>;

/**
 * Fails unless a collector answers a question as the documentation promises.
 *
 * @param now - What its clock shows. If nobody knows, it is a process that has been killed: then
 *   it is when it says to have answered, and what such a process may not know is left out.
 */
export async function compare(
  ask: Ask,
  question: Question,
  count: NaiveCount,
  now?: number,
): Promise<void> {
  const url = `${question.path}?${new URLSearchParams(question.query).toString()}`;
  const answer = await ask(url);
  expect({ url, ...answer }).toMatchObject({ url, status: 200 });
  const given = read(question, answer.text);
  const said = Date.parse(String('as_of' in given ? given['as_of'] : answer.asOf));
  const isSaid = !Number.isNaN(said);
  // An answer may be given again in the same second, if nothing was counted since.
  if (now !== undefined && isSaid) expect([url, secondOf(said)]).toEqual([url, secondOf(now)]);
  const expected = naiveAnswer(count, question, isSaid ? said : (now ?? 0)) as Body;
  const unknown = now === undefined ? UNKNOWN : [];
  expect({ url, body: comparable(given, unknown) }).toEqual({
    url,
    body: comparable(write(question, expected), unknown),
  });
}

const secondOf = (moment: number): number => Math.floor(moment / 1000);

/** Figures of a process that may have been killed between an answer and its question, or before 5 seconds. */
const UNKNOWN: readonly unknown[] = ['last_updated', 'duplicates', 'rejected'];

/** An answer in the format that was asked for; the values in CSV are texts. */
function read({ query: { format = 'json' } }: Question, text: string): Body {
  switch (format) {
    case 'csv': {
      const [columns = [], ...rows] = readCsv(text);
      const toRow = (cells: readonly string[]) =>
        Object.fromEntries(cells.map((cell, at) => [columns[at] ?? `more ${at}`, cell]));
      return { columns, rows: rows.map(toRow) };
    }
    case 'ndjson': {
      const lines = text.split('\n');
      expect(lines.pop()).toBe('');
      return { rows: lines.map((line) => JSON.parse(line) as unknown) };
    }
    default:
      return JSON.parse(text) as Body;
  }
}

/** The answer that the format makes of the whole one. */
function write(question: Question, whole: Body): Body {
  const rows = (): NaiveRow[] => rowsOf(question, whole);
  const { format = 'json' } = question.query;
  switch (format) {
    case 'csv': {
      const toTexts = (row: NaiveRow): NaiveRow =>
        Object.fromEntries(Object.entries(row).map(([name, value]) => [name, toCell(value)]));
      return { columns: columnsOf(question), rows: rows().map(toTexts) };
    }
    case 'ndjson':
      return { rows: rows() };
    default:
      return whole;
  }
}

/** Without chance, and what is the same in every answer: masks are others each time, and some lists have no order. */
function comparable(body: Body, unknown: readonly unknown[]): Body {
  const { users, rows, columns, ...rest } = body;
  const known = Object.entries(rest).filter(([name]) => name !== 'kept' && !unknown.includes(name));
  return {
    ...Object.fromEntries(known),
    ...(Array.isArray(users) && comparableUsers(users as NaiveRow[])),
    ...(Array.isArray(columns) && {
      columns: columns.filter((name) => name !== 'anonymous_id').sort(),
    }),
    ...(Array.isArray(rows) && comparableRows(rows as NaiveRow[], unknown)),
  };
}

function comparableRows(rows: readonly NaiveRow[], unknown: readonly unknown[]): Body {
  const [first = {}] = rows;
  if ('last_seen' in first) return comparableUsers(rows);
  const name = ['figure', 'kind'].find((column) => column in first);
  if (name === undefined) return { rows };
  const known = rows.filter((row) => !unknown.includes(String(row[name]).split(':')[0]));
  return { rows: inOrder(known) };
}

/** Newest first; which of those of one moment comes first depends on their hashes. */
const comparableUsers = (rows: readonly NaiveRow[]): Body => ({
  moments: rows.map(({ last_seen: at }) => at),
  users: inOrder(rows.map(withoutMask)),
});

function withoutMask({ anonymous_id: mask, ...row }: NaiveRow): NaiveRow {
  if (mask !== undefined) expect(mask).toMatch(/^[\da-f]{8}\*{4}$/);
  return row;
}

/** In an order that depends on nothing but what they say. */
function inOrder(rows: readonly NaiveRow[]): NaiveRow[] {
  const name = (row: NaiveRow): string => JSON.stringify(Object.entries(row).sort());
  return [...rows].sort((a, b) => name(a).localeCompare(name(b)));
}
