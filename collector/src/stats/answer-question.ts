import type { Static, TObject } from 'typebox';
import { isPublic, publicPart } from '../access/public-part.js';
import { type ErrorCode, ProblemError, type ProblemExtensions } from '../errors.js';
import { TooCostlyError } from '../store/questions.js';
import { type Format, writeAnswer, type Written } from './answer.js';
import type { Asked, CountsReader, Question } from './define-question.js';
import { defineQuestions } from './define-questions.js';
import { tellOf } from './told-members.js';

/** A question as it goes to a thread. */
export interface PosedQuestion {
  /** The path of its route. */
  readonly path: string;
  readonly asked: Asked;
  /** Checked against the question's schema. */
  readonly query: unknown;
  readonly format: Format;
}

/** What comes back: errors lose their members between threads, so problems are no errors. */
export type QuestionResult = ({ readonly kind: 'answer' } & Written) | ProblemResult;

/** A problem as it goes between threads. */
export interface ProblemResult {
  readonly kind: 'problem';
  readonly code: ErrorCode;
  readonly detail: string;
  readonly extensions: ProblemExtensions;
}

/** Creates the function that answers questions from a store, and writes the answers. */
export function createAnswering(
  store: CountsReader,
): (posed: PosedQuestion) => Promise<QuestionResult> {
  const answers = new Map<string, (posed: PosedQuestion) => Promise<Written>>();
  defineQuestions((question) => {
    answers.set(question.path, (posed) => write(question, posed, store));
  });
  return async (posed) => {
    try {
      const answer = answers.get(posed.path);
      if (answer === undefined) throw new Error(`No question has the path ${posed.path}.`);
      return { kind: 'answer', ...(await answer(posed)) };
    } catch (caught) {
      return toProblemResult(caught);
    }
  };
}

/** Makes a result of a problem. Throws everything else again. */
export function toProblemResult(caught: unknown): ProblemResult {
  const error = caught instanceof TooCostlyError ? toProblem(caught) : caught;
  if (!(error instanceof ProblemError)) throw error;
  const { code, message, extensions } = error;
  return { kind: 'problem', code, detail: message, extensions };
}

const toProblem = ({ message }: TooCostlyError): ProblemError =>
  new ProblemError('too_costly', `${message} Ask about one project, or fewer days.`);

async function write<Query extends TObject, Answer extends TObject>(
  { path, handler, rows, ndjsonRows = rows, columns }: Question<Query, Answer>,
  { asked, query, format }: PosedQuestion,
  store: CountsReader,
): Promise<Written> {
  // The route's schema has checked the query.
  const found = (await handler(asked, query as Static<Query>, store)) as Static<Answer> & object;
  const { level, visibility, told } = asked;
  const answer = isPublic(path, 'detailed') ? { ...found, ...tellOf(told) } : found;
  const seen = level === 'public' ? publicPart(path, visibility, answer) : answer;
  return writeAnswer(seen, format, format === 'ndjson' ? ndjsonRows : rows, columns);
}
