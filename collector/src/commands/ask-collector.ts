import { isRecord } from '../is-record.js';
import type { Ask } from '../morning/ask-morning.js';
import { toPrintable } from '../to-printable.js';
import { fetchPinned, WrongCertificateError } from './fetch-pinned.js';

/** A collector did not give the answer. The message says what to do next. */
export class AskError extends Error {
  override readonly name = 'AskError';

  constructor(
    message: string,
    /** The code of the problem that the collector answered with, if it did. */
    readonly code?: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

const ANSWER_WITHIN_MS = 10_000;

/** A path of a running collector. */
export interface CollectorQuestion {
  readonly url: string;
  readonly path: string;
  /** It is sent only to a collector that asks for one. */
  readonly token: string | undefined;
  /**
   * SHA-256 of the certificate that it must have, as `AB:CD:…`.
   *
   * @default any that is valid for the URL
   */
  readonly fingerprint?: string | undefined;
  /** @default 'GET' */
  readonly method?: 'GET' | 'POST' | 'DELETE';
  /** Sent as JSON. */
  readonly body?: object | undefined;
  /** Sent besides those of every question. */
  readonly headers?: Readonly<Record<string, string>>;
  /**
   * How long the collector may take, in milliseconds.
   *
   * @default 10 seconds
   */
  readonly answerWithinMs?: number;
  /** Ends the time of several requests together. */
  readonly signal?: AbortSignal;
  /** What else to do where a token is needed, such as `name a project with --project`. */
  readonly otherwise?: string | undefined;
}

/**
 * Asks a running collector.
 *
 * @returns The body, which `isExpected` accepts.
 * @throws {@link AskError}
 */
export async function askCollector<Body>(
  question: CollectorQuestion,
  isExpected: (body: unknown) => body is Body,
): Promise<Body> {
  return (await askOnce(question, false, isExpected)).body;
}

/**
 * Asks a running collector many questions. Once it has asked for the token, each request has it.
 *
 * @throws {@link AskError} for each question.
 */
export function createAsk(
  collector: Pick<CollectorQuestion, 'url' | 'token' | 'fingerprint' | 'otherwise'>,
): Ask {
  let wantsToken = false;
  return async (path, isExpected) => {
    const answer = await askOnce({ ...collector, path }, wantsToken, isExpected);
    wantsToken ||= answer.wantsToken;
    return answer.body;
  };
}

async function askOnce<Body>(
  question: CollectorQuestion,
  sendsToken: boolean,
  isExpected: (body: unknown) => body is Body,
): Promise<{ readonly body: Body; readonly wantsToken: boolean }> {
  const { token } = question;
  const first = await request(question, sendsToken ? token : undefined);
  const wantsToken = first.status === 401 && first.body?.['code'] === 'token_required';
  const { status, body } = wantsToken && token ? await request(question, token) : first;
  // An unhealthy collector answers with 503 what is wrong with it.
  const isAnswer =
    (status >= 200 && status < 300) || (status === 503 && question.path === '/health');
  if (isAnswer && isExpected(body)) return { body, wantsToken };
  throw new AskError(explain(question, status, body), codeOf(body));
}

/** What a collector answered. */
export interface Answer {
  readonly status: number;
  /** `undefined` if it is no JSON object. */
  readonly body: Readonly<Record<string, unknown>> | undefined;
}

/**
 * Asks once, with or without a token, and takes every answer.
 *
 * @throws {@link AskError} if there is none.
 */
export async function request(question: CollectorQuestion, token?: string): Promise<Answer> {
  const { method = 'GET', body: sent, answerWithinMs = ANSWER_WITHIN_MS, fingerprint } = question;
  const url = question.url + question.path;
  const headers = {
    ...(sent !== undefined && { 'content-type': 'application/json' }),
    accept: 'application/json',
    ...question.headers,
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
  };
  let text: string;
  let status: number;
  // A signal's own timer does not keep the process: it would end without an answer where a server
  // ends the connection and leaves Node's client with nothing to wait for.
  const waiting = setTimeout(() => undefined, answerWithinMs + 1000);
  try {
    const signal = question.signal ?? AbortSignal.timeout(answerWithinMs);
    const body = sent === undefined ? {} : { body: JSON.stringify(sent) };
    const init = { method, headers, signal, ...body };
    if (fingerprint === undefined) {
      const response = await fetch(url, { ...init, redirect: 'manual' });
      status = response.status;
      text = await readText(response.body ?? []);
    } else ({ status, text } = await fetchPinned(url, { ...init, fingerprint }));
  } catch (error) {
    const message = explainFailure(new URL(url).origin, answerWithinMs, error);
    throw new AskError(message, undefined, { cause: error });
  } finally {
    clearTimeout(waiting);
  }
  try {
    const body: unknown = JSON.parse(text);
    return { status, body: isRecord(body) ? body : undefined };
  } catch {
    return { status, body: undefined }; // another server need not answer with JSON
  }
}

/** More than any answer of a collector has, in bytes: what answers may never end. */
const MAX_ANSWER_BYTES = 32 * 1024 ** 2;

/** @throws If it is too large. */
async function readText(body: AsyncIterable<Uint8Array> | Iterable<never>): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > MAX_ANSWER_BYTES) throw new Error('The answer does not end.');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** What Node says of a certificate that does not fit the URL or is not trusted. */
const CERTIFICATE_FAULTS =
  /^(CERT_|ERR_TLS_CERT|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_(GET_ISSUER|VERIFY_LEAF))/;

function explainFailure(origin: string, answerWithinMs: number, error: unknown): string {
  if (error instanceof Error && error.name === 'TimeoutError') {
    return `${origin} has not answered within ${answerWithinMs / 1000} seconds.`;
  }
  if (error instanceof WrongCertificateError) {
    return (
      `What answers at ${origin} has another certificate than the collector of this data folder: ` +
      'try again, and if it stays so, look which program listens there.'
    );
  }
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  if (
    isRecord(cause) &&
    typeof cause['code'] === 'string' &&
    CERTIFICATE_FAULTS.test(cause['code'])
  ) {
    return (
      `The certificate at ${origin} is not trusted (${cause['code']}). Name the collector by a name in ` +
      'its certificate, with NODE_EXTRA_CA_CERTS=<file> for an issuer of your own, or on its machine ' +
      'by --data <folder>.'
    );
  }
  const code = isRecord(cause) && typeof cause['code'] === 'string' ? ` (${cause['code']})` : '';
  return (
    `No collector answers at ${origin}${code}. Start one with: npx headcount-collector serve. ` +
    'If it runs elsewhere, name it with --url.'
  );
}

const ROTATE =
  'If the collector was started with HEADCOUNT_ADMIN_TOKEN, that is the administrator’s token. If not, ' +
  'headcount-collector token rotate makes it anew on the collector’s own machine, also if it was ' +
  'revoked or its file is lost.';

const codeOf = (body: Answer['body']): string | undefined =>
  typeof body?.['code'] === 'string' ? body['code'] : undefined;

function explain(
  { url, otherwise }: CollectorQuestion,
  status: number,
  body: Answer['body'],
): string {
  if (codeOf(body) === 'bad_token' || codeOf(body) === 'wrong_level') {
    return (
      `${url} does not take the token for this. Set HEADCOUNT_TOKEN or HEADCOUNT_ADMIN_TOKEN to ` +
      `one that it does${otherwise === undefined ? '' : `, or ${otherwise}`}; ` +
      'headcount-collector token list shows what there are. ' +
      ROTATE
    );
  }
  if (codeOf(body) === 'token_required') {
    return (
      `${url} shows this with a token of the level ${String(body?.['level'])} or above. Set ` +
      `HEADCOUNT_TOKEN or HEADCOUNT_ADMIN_TOKEN${otherwise === undefined ? '' : `, or ${otherwise}`}. ` +
      ROTATE
    );
  }
  if (typeof body?.['type'] === 'string' && body['type'].startsWith('urn:headcount:problem:')) {
    const { title, detail } = body;
    return `${url} answered ${status}: ${toPrintable(`${String(title)}. ${String(detail)}`)}`;
  }
  return (
    `What answers at ${url} is no Headcount collector, or an older one (status ${status}). ` +
    'Name the collector with --url.'
  );
}
