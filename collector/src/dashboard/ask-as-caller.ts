import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { FastifyRequest } from 'fastify';
import { type DispatchFunc, inject, type Response } from 'light-my-request';
import { FORM_KEY_HEADER } from '../access/browser-sessions.js';
import type { App } from '../app-types.js';
import { hasCode } from '../has-code.js';
import { markInner } from '../inner-requests.js';
import { isRecord } from '../is-record.js';
import { type AskedState, holdState } from '../stats/asked-state.js';

/** What the collector's API answers to a question of a page. */
export type Answer =
  | {
      readonly ok: true;
      /** What the JSON is; the text of another format. */
      readonly body: unknown;
      readonly headers: OutgoingHttpHeaders;
    }
  | Refusal;

/** A question without an answer: the problem that any client would have got. */
export interface Refusal {
  readonly ok: false;
  readonly status: number;
  /** As in `application/problem+json`, such as `token_required`. */
  readonly code: string;
  readonly detail: string;
  /** The JSON pointer of the member that it is about, where the problem names one. */
  readonly path?: string;
  /** What the JSON is, if it is no problem: `GET /health` answers so with 503. */
  readonly body?: unknown;
}

/**
 * Asks the collector's API. Outcomes are values.
 *
 * @param path - Such as `/v1/stats/summary`.
 * @param query - Its parameters; those that are `undefined` are left out.
 */
export type Ask = (
  path: string,
  query?: Readonly<Record<string, string | undefined>>,
) => Promise<Answer>;

/** How an {@link Ask} may be bounded. */
export interface AskOptions {
  /** The state that they are answered from; the current one without it. */
  readonly state?: AskedState;
  /** Ends those on their way. Its reason is the {@link Refusal}, or nothing. */
  readonly signal?: AbortSignal;
  /**
   * The token or proof that the questions come with; `null` for none, so that they are the public's.
   *
   * @default what the page came with
   */
  readonly credential?: string | null;
  /** @default 'GET' */
  readonly method?: 'GET' | 'DELETE';
}

/** Makes what asks in the name of the caller of a request. */
export type AskAsCaller = (request: FastifyRequest, options?: AskOptions) => Ask;

/**
 * Headers that are about the page itself, not about who asks: its format and its copy in the
 * browser, the connection and the body. All others go with the questions, so that the caller is the
 * same.
 */
const OF_THE_PAGE =
  /^(accept(-.*)?|if-.*|range|content-.*|transfer-encoding|connection|keep-alive|upgrade|expect|te|trailer|access-control-.*)$/;

/**
 * Makes what asks the collector's own API within the process, as the caller of a page: with the same
 * token or cookie, name and address, so that levels, suppression and limits are the caller's. The
 * questions are no requests of a client: they are in no log and no metric of requests, and the page
 * counts once against the limit of questions.
 */
export function createAskAsCaller(app: Pick<App, 'routing'>): AskAsCaller {
  return (page, { state, signal, credential, method = 'GET' } = {}) => {
    // Now, since a client that has left has no address, and a request without one seems to come
    // from this machine.
    const { remoteAddress } = page.raw.socket;
    const { headers, rawHeaders } = headersOf(page, credential);
    return async (path, query = {}) => {
      if (remoteAddress === undefined) return GONE;
      let response: ServerResponse | undefined;
      const end = (): void => void response?.destroy();
      const dispatch: DispatchFunc = (request, reply) => {
        Object.assign(request, { headers, rawHeaders });
        markInner(request, page);
        if (state !== undefined) holdState(request, state);
        response = reply;
        // It is called a moment after it was asked.
        if (signal?.aborted === true) end();
        else app.routing(request, reply);
      };
      const over = reasonOf(signal);
      if (over !== undefined) return over;
      signal?.addEventListener('abort', end);
      try {
        return toAnswer(await inject(dispatch, { method, url: urlOf(path, query), remoteAddress }));
      } catch (error) {
        // The answer was cut off: by the signal, or because it is a stream that has ended.
        if (!hasCode(error, 'LIGHT_ECONNRESET')) throw error;
        return reasonOf(signal) ?? CUT_OFF;
      } finally {
        signal?.removeEventListener('abort', end);
      }
    };
  };
}

/** A request that changes something. */
export interface Change {
  readonly method: 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  /** Sent as JSON. */
  readonly body?: object;
}

/**
 * Changes something by the collector's own API, in the name of the caller of a form's request: with
 * the same checks, and the same entry in the audit log, as if the caller had sent it.
 *
 * @param formKey - That of the form, if the caller has a session.
 */
export type ChangeAsCaller = (
  request: FastifyRequest,
  change: Change,
  formKey: string | undefined,
) => Promise<Answer>;

/** Makes what changes something; see {@link ChangeAsCaller}. It goes on when the client leaves. */
export function createChangeAsCaller(app: Pick<App, 'routing'>): ChangeAsCaller {
  return async (page, { method, path, body }, formKey) => {
    const { remoteAddress } = page.raw.socket;
    if (remoteAddress === undefined) return GONE;
    const payload = body === undefined ? undefined : JSON.stringify(body);
    const caller = headersOf(page);
    const own = {
      ...(formKey !== undefined && { [FORM_KEY_HEADER]: formKey }),
      ...(payload !== undefined && {
        'content-type': 'application/json',
        'content-length': String(Buffer.byteLength(payload)),
      }),
    };
    const headers = { ...caller.headers, ...own };
    const rawHeaders = [...caller.rawHeaders, ...Object.entries(own).flat()];
    const dispatch: DispatchFunc = (request, reply) => {
      Object.assign(request, { headers, rawHeaders });
      markInner(request, page);
      app.routing(request, reply);
    };
    const sent = { method, url: path, remoteAddress, ...(payload !== undefined && { payload }) };
    return toAnswer(await inject(dispatch, sent));
  };
}

const GONE: Refusal = {
  ...{ ok: false, status: 400, code: 'bad_request' },
  detail: 'The client has left, so that nobody knows who asks.',
};

const CUT_OFF: Refusal = {
  ...{ ok: false, status: 500, code: 'internal_error' },
  detail: 'The answer ended before it was whole. Streams cannot be asked for here.',
};

/** Why questions are ended; `undefined` if they are not. */
function reasonOf(signal: AbortSignal | undefined): Refusal | undefined {
  if (signal === undefined || !signal.aborted) return undefined;
  return isRefusal(signal.reason) ? signal.reason : CUT_OFF;
}

const isRefusal = (value: unknown): value is Refusal => isRecord(value) && value['ok'] === false;

/** Headers that say who asks. */
const OF_THE_CALLER = /^(authorization|cookie)$/;

function headersOf({ raw, headers }: FastifyRequest, credential?: string | null) {
  const isKept = (name: string): boolean =>
    !OF_THE_PAGE.test(name.toLowerCase()) &&
    (credential === undefined || !OF_THE_CALLER.test(name.toLowerCase()));
  const own = typeof credential === 'string' ? { authorization: `Bearer ${credential}` } : {};
  return {
    headers: {
      ...Object.fromEntries(Object.entries(headers).filter(([name]) => isKept(name))),
      ...own,
    },
    rawHeaders: [
      // Two tokens in one request are refused by these.
      ...raw.rawHeaders.filter((_, at, all) => isKept(all[at - (at % 2)] ?? '')),
      ...Object.entries(own).flat(),
    ],
  };
}

function urlOf(path: string, query: Readonly<Record<string, string | undefined>>): string {
  const given = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) given.append(name, value);
  }
  return given.size === 0 ? path : `${path}?${given.toString()}`;
}

function toAnswer({ statusCode: status, headers, payload }: Response): Answer {
  const isJson = /^application\/(problem\+)?json\b/.test(String(headers['content-type']));
  const body: unknown = isJson ? JSON.parse(payload) : payload;
  if (status >= 200 && status < 300) return { ok: true, body, headers };
  const { code, detail, path } = isRecord(body) ? body : {};
  return {
    ...{ ok: false, status },
    code: typeof code === 'string' ? code : 'internal_error',
    detail: typeof detail === 'string' ? detail : `${status} was answered, without a problem.`,
    ...(typeof path === 'string' && { path }),
    ...(code === undefined && { body }),
  };
}
