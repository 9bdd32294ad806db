import type { ProblemContent, ProblemName } from '../../web/page/problem-content.js';
import { type ErrorCode, ERRORS } from '../errors.js';

/** A question without an answer: the code of the problem, and the status. */
interface Problem {
  readonly code: string;
  readonly status: number;
}

/** Problems of the API that pages have words of their own for; of the others, by their status. */
const PROBLEMS: Partial<Record<ErrorCode, ProblemName>> = {
  token_required: 'token-required',
  bad_token: 'token-required',
  wrong_level: 'wrong-level',
  cross_origin: 'foreign-form',
  form_key_required: 'form-old',
  bad_parameter: 'wrong-address',
  bad_request: 'wrong-address',
  too_costly: 'too-costly',
  disk_full: 'disk-full',
  rate_limited: 'too-many',
  too_many_streams: 'too-many',
  busy: 'busy',
  closing: 'busy',
};

/** What pages call a problem of the API. */
export function problemOf({ code, status }: Problem): ProblemName {
  const known = code in ERRORS ? PROBLEMS[code as ErrorCode] : undefined;
  if (known !== undefined) return known;
  if (status === 404) return 'not-found';
  return status >= 500 ? 'failed' : 'wrong-form';
}

/** A page in the place of another. */
interface ProblemPage {
  readonly status: number;
  readonly content: ProblemContent;
}

/** The page in the place of an answer that was refused. */
export const toProblemPage = (problem: Problem, back: string | null = null): ProblemPage => ({
  status: problem.status,
  content: { page: 'problem', problem: problemOf(problem), back },
});

/** The page in the place of one that there is not. */
export const NOT_FOUND: ProblemPage = toProblemPage({ code: 'not_found', status: 404 });
