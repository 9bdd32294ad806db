import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { toProblemError } from '../error-handler.js';
import { ERRORS } from '../errors.js';
import type { PageMaker } from './page-maker.js';
import { prefersHtml } from './prefers-html.js';
import { toProblemPage } from './problem-of.js';

type ErrorHandler = (error: FastifyError, request: FastifyRequest, reply: FastifyReply) => void;

/**
 * Answers browsers with a page what hooks and schemas refuse: what happened, and what to do. Programs
 * get the problem.
 */
export const createRefusedPage =
  (pages: Pick<PageMaker, 'send'>): ErrorHandler =>
  (error, request, reply) => {
    const problem = toProblemError(error);
    if (problem === undefined || !prefersHtml(request.headers.accept)) throw error;
    const { code } = problem;
    const { status } = ERRORS[code];
    const content = toProblemPage({ code, status }, backOf(request));
    // What could not be answered so is a failure of the request, which the server answers.
    pages
      .send(request, reply.header('cache-control', 'no-store'), { status, content })
      .catch((failure: unknown) => reply.send(failure));
  };

/** The path of the page that a form was sent from; `null` for what is no form. */
export function backOf({ method, url }: FastifyRequest): string | null {
  if (method !== 'POST') return null;
  // Signing out has no page of its own.
  return url.startsWith('/sign-out') ? '/' : url;
}
