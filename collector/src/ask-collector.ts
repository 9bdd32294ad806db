import { isRecord } from './is-record.js';
import { toPrintable } from './to-printable.js';

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
}

/**
 * Asks a running collector with `GET`.
 *
 * @returns The body, which `isExpected` accepts.
 * @throws {@link AskError}
 */
export async function askCollector<Body>(
  { url, path, token }: CollectorQuestion,
  isExpected: (body: unknown) => body is Body,
): Promise<Body> {
  const first = await request(url + path);
  const isRefused = first.status === 401 && first.body?.['code'] === 'token_required';
  const { status, body } = isRefused && token ? await request(url + path, token) : first;
  if (status === 200 && isExpected(body)) return body;
  throw new AskError(explain(url, status, body), codeOf(body));
}

interface Answer {
  readonly status: number;
  /** `undefined` if it is no JSON object. */
  readonly body: Readonly<Record<string, unknown>> | undefined;
}

async function request(url: string, token?: string): Promise<Answer> {
  const headers = {
    accept: 'application/json',
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
  };
  let text: string;
  let status: number;
  try {
    const signal = AbortSignal.timeout(ANSWER_WITHIN_MS);
    const response = await fetch(url, { headers, signal, redirect: 'manual' });
    status = response.status;
    text = await response.text();
  } catch (error) {
    throw new AskError(explainFailure(new URL(url).origin, error), undefined, { cause: error });
  }
  try {
    const body: unknown = JSON.parse(text);
    return { status, body: isRecord(body) ? body : undefined };
  } catch {
    return { status, body: undefined }; // another server need not answer with JSON
  }
}

function explainFailure(origin: string, error: unknown): string {
  if (error instanceof Error && error.name === 'TimeoutError') {
    return `${origin} has not answered within ${ANSWER_WITHIN_MS / 1000} seconds.`;
  }
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  const code = isRecord(cause) && typeof cause['code'] === 'string' ? ` (${cause['code']})` : '';
  return (
    `No collector answers at ${origin}${code}. Start one with: npx headcount-collector serve. ` +
    'If it runs elsewhere, name it with --url.'
  );
}

const codeOf = (body: Answer['body']): string | undefined =>
  typeof body?.['code'] === 'string' ? body['code'] : undefined;

function explain(url: string, status: number, body: Answer['body']): string {
  if (codeOf(body) === 'token_required') {
    return (
      `${url} shows this with a token of the level ${String(body?.['level'])} or above. Set ` +
      'HEADCOUNT_TOKEN or HEADCOUNT_ADMIN_TOKEN, or name a project with --project.'
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
