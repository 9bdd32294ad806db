import type { FastifyRequest } from 'fastify';
import type { App } from '../app-types.js';
import type { Counting } from '../counting/counting.js';
import { CATCH_UP_MS } from '../stats/define-question.js';
import { type Answer, type Ask, createAskAsCaller, type Refusal } from './ask-as-caller.js';

export type { Answer, Ask, Refusal };

/** The questions of one page, which are answered from one state. Close it in any case. */
export interface PageSession {
  /** The moment that all figures are of, in ISO 8601: every report acknowledged before is counted. */
  readonly asOf: string;
  readonly ask: Ask;
  readonly close: () => void;
}

/** Opens the sessions of pages. */
export interface Asker {
  /**
   * @param request - The request for the page, whose caller asks.
   * @throws `ProblemError` `busy`, as for any question.
   */
  open(request: FastifyRequest): Promise<PageSession>;
}

export interface AskerParts {
  readonly app: Pick<App, 'routing'>;
  readonly counting: Pick<Counting, 'caughtUp'>;
}

/** How long the questions of a page may take in all, in milliseconds. */
const SESSION_MS = 10_000;

const TOO_LATE: Refusal = {
  ...{ ok: false, status: 503, code: 'busy' },
  detail: `The page was not gathered within ${SESSION_MS / 1000} seconds. Ask again later.`,
};

const CLOSED: Refusal = {
  ...{ ok: false, status: 500, code: 'internal_error' },
  detail: 'The session of the page is closed, or its client has left.',
};

/** Creates what opens sessions. */
export function createAsker({ app, counting }: AskerParts): Asker {
  const askAsCaller = createAskAsCaller(app);
  return {
    open: async (request) => {
      const ended = new AbortController();
      const ask = askAsCaller(request, { signal: ended.signal });
      const asOf = await counting.caughtUp(CATCH_UP_MS);
      const { socket } = request.raw;
      const leave = (): void => close(CLOSED);
      const timer = setTimeout(() => close(TOO_LATE), SESSION_MS);
      const close = (reason: Refusal): void => {
        clearTimeout(timer);
        socket.off('close', leave);
        ended.abort(reason);
      };
      socket.once('close', leave);
      return { asOf: asOf.toISOString(), ask, close: () => close(CLOSED) };
    },
  };
}
