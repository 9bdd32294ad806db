import { isDeepStrictEqual } from 'node:util';
import type { UserQuestion } from '../store/questions.js';
import type { ReaderOperations } from '../store/store.js';
import { type AskedAbout, storeQuestions, type StoreQuestion } from './store-questions.js';

/** What a comparison found. */
export interface ComparedAnswers {
  /** How many questions both answer. */
  readonly questions: number;
  /** How many one of them refuses, as they would take too long. */
  readonly tooCostly: number;
  /** The first question that is answered otherwise; `null` if there is none. */
  readonly difference: string | null;
}

export interface ComparedOptions {
  /** Users whose data are compared. */
  readonly users: readonly UserQuestion[];
  /** Told now and then. */
  readonly onProgress?: (share: number) => void;
}

/** Days beyond all that reports can have. */
const EVER = { from: -1_000_000, to: 1_000_000 };

/** Asks two stores every question about each project and about all, and compares the answers. */
export async function compareAnswers(
  one: ReaderOperations,
  other: ReaderOperations,
  { users, onProgress = () => undefined }: ComparedOptions,
): Promise<ComparedAnswers> {
  const known = await one.projects();
  const slugs = [null, ...new Set([...known, ...(await other.projects())])];
  let questions = 0;
  let tooCostly = 0;
  for (const [at, project] of slugs.entries()) {
    onProgress(at / slugs.length);
    const about = await learn(one, project, users);
    for (const question of storeQuestions(about)) {
      const [mine, its] = await Promise.all([ask(one, question), ask(other, question)]);
      // How long a store takes is no part of an answer.
      if (mine === TOO_COSTLY || its === TOO_COSTLY) {
        tooCostly++;
        continue;
      }
      questions++;
      if (mine !== its && !isDeepStrictEqual(JSON.parse(mine), JSON.parse(its))) {
        return { questions, tooCostly, difference: describe(question) };
      }
    }
  }
  return { questions, tooCostly, difference: null };
}

async function learn(
  reader: ReaderOperations,
  project: string | null,
  users: readonly UserQuestion[],
): Promise<AskedAbout> {
  const days = [
    ...(await reader.reports({ project, ci: false, ...EVER })),
    ...(await reader.reports({ project, ci: true, ...EVER })),
  ].map(({ day }) => day);
  const values = project === null ? [] : await reader.values({ project });
  return {
    project,
    from: days.reduce((a, b) => Math.min(a, b), days[0] ?? 0),
    to: days.reduce((a, b) => Math.max(a, b), days[0] ?? 0),
    values: values.toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1)),
    users: users.filter((user) => user.project === project),
  };
}

const nameOf = ({ dimension, value }: { dimension: string; value: string }): string =>
  `${dimension}\0${value}`;

/** An answer as text, whichever kind of bytes a store gives; of one that is refused, why. */
async function ask(reader: ReaderOperations, { name, question }: StoreQuestion): Promise<string> {
  // The question was made for the operation.
  const asked = reader[name] as unknown as (given: unknown) => unknown;
  try {
    const answer = await asked(question);
    if (UNORDERED.includes(name)) return toText(sorted(answer));
    // Only the store that gave it understands where the next page begins.
    return toText(name === 'exportPage' ? (answer as { readonly rows: unknown }).rows : answer);
  } catch (error) {
    if (error instanceof Error && error.name === 'TooCostlyError') return TOO_COSTLY;
    throw error;
  }
}

const TOO_COSTLY = 'too costly';

/** Their answers come in no order. */
const UNORDERED: readonly string[] = ['values', 'crossedDays'];

const sorted = (answer: unknown): unknown[] =>
  (answer as unknown[]).toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));

/** Bytes as hex digits, before a `Buffer` makes something else of itself. */
const toText = (answer: unknown): string =>
  JSON.stringify(answer ?? null, function (this: Readonly<Record<string, unknown>>, key, value) {
    const given = this[key];
    return given instanceof Uint8Array ? Buffer.from(given).toString('hex') : (value as unknown);
  });

function describe({ name, question }: StoreQuestion): string {
  const text = question === undefined ? '' : toText(question);
  return `${name} ${text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text}`.trim();
}

const LONGEST = 300;
