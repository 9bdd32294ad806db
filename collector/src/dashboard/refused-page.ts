import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { ERRORS } from '../errors.js';
import { problemOfError } from '../problem-of-error.js';
import { backOf } from './back-of.js';
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
    const problem = problemOfError(error);
    if (problem === undefined || !prefersHtml(request.headers.accept)) throw error;
    const { code } = problem;
    const { status } = ERRORS[code];
    const page = toProblemPage({ code, status }, backOf(request));
    // What could not be answered so is a failure of the request, which the server answers.
    pages
      .send(request, reply.header('cache-control', 'no-store'), page)
      .catch((failure: unknown) => reply.send(failure));
  };
