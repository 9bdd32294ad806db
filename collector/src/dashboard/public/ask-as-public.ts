import type { FastifyRequest } from 'fastify';
import { askAbout, type Asked, RefusedError } from '../gather.js';
import type { Asker, Refusal } from '../page-session.js';
import { type ErrorCode, ERRORS, ProblemError } from '../../errors.js';

/** What the public's answers are made from. */
export interface PublicAnswers {
  /** The moment that all figures are of, in ISO 8601. */
  readonly asOf: string;
  readonly need: Asked['need'];
}

/**
 * Works with what the public is answered about a project, whoever has sent the request.
 *
 * @throws `ProblemError` with the code of a question that was refused.
 */
export async function askAsPublic<Result>(
  asker: Asker,
  request: FastifyRequest,
  project: string,
  work: (answers: PublicAnswers) => Promise<Result>,
): Promise<Result> {
  const session = await asker.open(request, { credential: null });
  try {
    return await work({ asOf: session.asOf, need: askAbout(project, session.ask).need });
  } catch (error) {
    throw error instanceof RefusedError ? toProblem(error.refusal) : error;
  } finally {
    session.close();
  }
}

const toProblem = ({ code, detail }: Refusal): ProblemError =>
  new ProblemError(isErrorCode(code) ? code : 'internal_error', detail);

const isErrorCode = (code: string): code is ErrorCode => Object.hasOwn(ERRORS, code);
