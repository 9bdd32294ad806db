import type { JsonSchema } from 'headcount/wire';
import { ERRORS, type ErrorCode } from '../errors.js';
import type { Answer, Answers } from './answer.js';

const text = (description: string): JsonSchema => ({ type: 'string', description });

const RETRY_AFTER = {
  'retry-after': { type: 'integer', minimum: 1, description: 'Seconds to wait before it' },
};
const AUTHENTICATE = { 'www-authenticate': text('What to send (RFC 6750)') };
const ENCODINGS = { 'accept-encoding': text('The encodings a body may have') };

/** The answers that problems are told in: one for each status, with the codes it may have. */
export function problemAnswers(codes: readonly ErrorCode[]): Answers {
  const statuses = new Set(codes.map((code) => ERRORS[code].status));
  return Object.fromEntries(
    [...statuses].map((status) => {
      const some = codes.filter((code) => ERRORS[code].status === status);
      return [status, problemAnswer(status, some)];
    }),
  );
}

function problemAnswer(status: number, codes: readonly ErrorCode[]): Answer {
  const narrowed = { properties: { status: { const: status }, code: { enum: codes } } };
  const schema = { allOf: [{ $ref: '#/components/schemas/Problem' }, narrowed] };
  return {
    description: codes.map((code) => `\`${code}\`: ${ERRORS[code].title}`).join('. '),
    headers: {
      ...(codes.some(isWorthRetrying) && RETRY_AFTER),
      ...(status === 401 && AUTHENTICATE),
      ...(codes.includes('wrong_content_encoding') && ENCODINGS),
    },
    content: { 'application/problem+json': { schema } },
  };
}

function isWorthRetrying(code: ErrorCode): boolean {
  return code === 'rate_limited' || 'retryAfterSeconds' in ERRORS[code];
}
