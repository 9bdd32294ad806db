import type { ProblemContent } from '../../web/page/problem-content.js';
import type { Refusal } from './ask-as-caller.js';

const PROBLEMS: Readonly<Record<string, ProblemContent['problem']>> = {
  token_required: 'token-required',
  bad_token: 'token-required',
  wrong_level: 'wrong-level',
  not_found: 'not-found',
  rate_limited: 'too-many',
  busy: 'busy',
  closing: 'busy',
};

/** What a page says in the place of an answer that was refused. */
export function problemOf({ code, detail, status }: Refusal): ProblemContent {
  const problem = PROBLEMS[code] ?? (status === 404 ? 'not-found' : 'failed');
  // The words of the page say all of the others.
  return { page: 'problem', problem, detail: problem === 'failed' ? detail : null };
}
