import type { FastifyRequest } from 'fastify';
import type { KeyOf } from '../access/guards.js';
import type { App } from '../app-types.js';
import type { HeldStates } from '../stats/held-states.js';
import {
  type Answer,
  type Ask,
  type AskOptions,
  createAskAsCaller,
  type Refusal,
} from './ask-as-caller.js';

export type { Answer, Ask, Refusal };

/** The questions of one page, which are answered from one state. Close it in any case. */
export interface PageSession<AsOf extends string | null = string> {
  /**
   * The moment that all figures are of, in ISO 8601: every report acknowledged before is counted.
   * `null` if they are of no state of the counts.
   */
  readonly asOf: AsOf;
  readonly ask: Ask;
  readonly close: () => void;
}

/** Opens the sessions of pages. */
export interface Asker {
  /**
   * @param request - The request for the page, whose caller asks.
   * @param as - Who asks instead of the caller.
   * @throws `ProblemError` `busy`, as for any question.
   */
  open(request: FastifyRequest, as?: Pick<AskOptions, 'credential'>): Promise<PageSession>;
  /** Opens a session of a page without counts: it is made even if they cannot be read. */
  openWithoutCounts(
    request: FastifyRequest,
    as?: Pick<AskOptions, 'credential'>,
  ): Promise<PageSession<null>>;
}

export interface AskerParts {
  readonly app: Pick<App, 'routing'>;
  readonly states: HeldStates;
  /** The key of a client. */
  readonly clientOf: KeyOf;
  /** How long the questions of a page may take in all, in milliseconds. */
  readonly sessionMs?: number;
}

const SESSION_MS = 10_000;

/** Questions of a page on their way at once; a client has places for 32. */
const ASKED_AT_ONCE = 4;

const tooLate = (ms: number): Refusal => ({
  ...{ ok: false, status: 503, code: 'busy' },
  detail: `The page was not gathered within ${ms / 1000} seconds. Ask again later.`,
});

const CLOSED: Refusal = {
  ...{ ok: false, status: 500, code: 'internal_error' },
  detail: 'The session of the page is closed, or its client has left.',
};

/** Creates what opens sessions. */
export function createAsker(parts: AskerParts): Asker {
  const { app, states, clientOf, sessionMs = SESSION_MS } = parts;
  const askAsCaller = createAskAsCaller(app);
  const start = <AsOf extends string | null>(
    request: FastifyRequest,
    as: Pick<AskOptions, 'credential'> | undefined,
    asOf: AsOf,
    held?: Awaited<ReturnType<HeldStates['hold']>>,
  ): PageSession<AsOf> => {
    const { socket } = request.raw;
    const ended = new AbortController();
    const { signal } = ended;
    const end = (reason: Refusal): void => {
      clearTimeout(timer);
      socket.off('close', close);
      ended.abort(reason);
      held?.release();
    };
    const close = (): void => end(CLOSED);
    const timer = setTimeout(() => end(tooLate(sessionMs)), sessionMs);
    socket.once('close', close);
    // It may have left while the state was waited for.
    if (socket.destroyed) close();
    const of = held === undefined ? {} : { state: held.state };
    const ask = inTurn(askAsCaller(request, { ...as, ...of, signal }), ASKED_AT_ONCE);
    return { asOf, ask, close };
  };
  return {
    open: async (request, as) => {
      const held = await states.hold(clientOf(request));
      return start(request, as, held.state.asOf.toISOString(), held);
    },
    openWithoutCounts: async (request, as) => Promise.resolve(start(request, as, null)),
  };
}

/** Lets so many questions be on their way at once; the others wait for them. */
function inTurn(ask: Ask, atOnce: number): Ask {
  const waiting: (() => void)[] = [];
  let onTheWay = 0;
  return async (...question) => {
    if (onTheWay >= atOnce) await new Promise<void>((resolve) => waiting.push(resolve));
    else onTheWay++;
    try {
      return await ask(...question);
    } finally {
      const next = waiting.shift();
      if (next === undefined) onTheWay--;
      else next();
    }
  };
}
