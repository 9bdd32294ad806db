import pRetry, { AbortError } from 'p-retry';
import type { SenderJob } from '../delivery/protocol.js';
import { findPersonal } from '../report/find-personal.js';
import { personalProject } from '../report/personal-project.js';
import { errorTextOf, type Http, type Request, REQUEST_TIMEOUT_MS } from './http.js';
import { ProxyRefusal } from './network/http-tunnel.js';
import type { Clock } from './platform/sender-platform.js';
import { USER_AGENT } from './user-agent.js';
import { parseRetryAfter, readResponse, type Verdict } from './verdict.js';

/** Below this, compression costs more than it saves. */
const COMPRESS_FROM_BYTES = 1_024;
const FIRST_RETRY_MS = 1_000;
/** A request with less time left could be cut off after it arrived, and be sent a second time. */
const MIN_REQUEST_MS = 3_000;

/** Compresses requests until a collector refuses a compressed one. */
export interface Compression {
  isWanted: boolean;
  /** `undefined` in the host's thread: compressing would block the app for longer than it saves. */
  readonly gzip: ((text: string) => Promise<Uint8Array>) | undefined;
}

/** What a POST takes. */
export interface PostParts {
  readonly job: Pick<SenderJob, 'endpoint' | 'project'>;
  readonly http: Http;
  readonly clock: Pick<Clock, 'now' | 'elapsed' | 'random' | 'sleep'>;
  readonly compression: Compression;
  /** How often a failed request is repeated. */
  readonly retries: number;
  /** Whether this sender may still send: asked before each request and each repetition. */
  readonly mayGoOn: () => boolean | Promise<boolean>;
  /** When sending must end, on {@link Clock.elapsed}. */
  readonly deadlineMs: number;
  /** A host waits for it in its exit: a request is made for any time that is left. */
  readonly isHurried?: boolean;
  /** Aborted when this sender was told to end. */
  readonly stop: AbortSignal;
  /** Called for each answer that is a failure, before its request is repeated. Never rejects. */
  readonly onFailure?: (failure: RetryVerdict) => Promise<void>;
}

/** The verdict on an answer that is a failure. */
export type RetryVerdict = Extract<Verdict, { kind: 'retry' }>;

/** Posts a body with so many reports, and repeats what may work. Never rejects. */
export async function post(body: string, reports: number, parts: PostParts): Promise<Verdict> {
  const { clock, retries, mayGoOn, stop, onFailure } = parts;
  const personal = personalProject(parts.job.project, findPersonal);
  if (personal !== undefined) {
    return { kind: 'retry', error: `the project’s name looks personal (${personal})` };
  }
  try {
    return await pRetry(
      async () => {
        const verdict = await postOnce(body, reports, parts);
        if (verdict.kind !== 'retry') return verdict;
        await onFailure?.(verdict);
        const error = new RetryLater(verdict);
        // If the collector says when to come back, it is not asked again before.
        throw verdict.retryAfterMs === undefined ? error : new AbortError(error);
      },
      {
        retries,
        minTimeout: 0,
        unref: true,
        // Full jitter, which p-retry's option `randomize` does not give.
        onFailedAttempt: ({ attemptNumber, retriesLeft }) =>
          retriesLeft > 0 && !stop.aborted
            ? clock.sleep(clock.random() * FIRST_RETRY_MS * 2 ** (attemptNumber - 1), stop)
            : undefined,
        shouldRetry: () => mayGoOn(),
      },
    );
  } catch (error) {
    return error instanceof RetryLater
      ? error.verdict
      : { kind: 'retry', error: errorTextOf(error) };
  }
}

async function postOnce(text: string, reports: number, parts: PostParts): Promise<Verdict> {
  try {
    return await ask(text, reports, parts);
  } catch (error) {
    if (!(error instanceof ProxyRefusal)) throw error;
    const retryAfterMs = parseRetryAfter(error.retryAfter, parts.clock.now());
    const { code } = error;
    return { kind: 'retry', error: code, ...(retryAfterMs !== undefined && { retryAfterMs }) };
  }
}

async function ask(text: string, reports: number, parts: PostParts): Promise<Verdict> {
  const { job, http, clock, compression, stop } = parts;
  const { url, form } = job.endpoint;
  const content = await reportContent(text, compression);
  const answer = await http.request({
    url,
    method: 'POST',
    ...content,
    timeoutMs: Math.min(REQUEST_TIMEOUT_MS, Math.max(Math.ceil(leftMs(parts)), 0)),
    stop,
  });
  const { status, body, isCutOff = false } = answer;
  const type = answer.header('content-type');
  const retryAfterMs = parseRetryAfter(answer.header('retry-after'), clock.now());
  const isCompressed = 'content-encoding' in content.headers;
  const verdict = readResponse(
    {
      status,
      body,
      isCutOff,
      ...(type !== undefined && { type }),
      ...(retryAfterMs !== undefined && { retryAfterMs }),
    },
    { reports, isCompressed, form },
  );
  if (verdict.kind !== 'unsupported-encoding') return verdict;
  compression.isWanted = false;
  return ask(text, reports, parts);
}

/** Headers and body of a request with reports. */
export async function reportContent(
  text: string,
  { isWanted, gzip }: Compression,
): Promise<Required<Pick<Request, 'headers' | 'body'>>> {
  const headers = { 'content-type': 'application/json', 'user-agent': USER_AGENT };
  return isWanted && gzip && text.length > COMPRESS_FROM_BYTES
    ? { headers: { ...headers, 'content-encoding': 'gzip' }, body: await gzip(text) }
    : { headers, body: Buffer.from(text) };
}

type Time = Pick<PostParts, 'deadlineMs' | 'isHurried' | 'clock' | 'stop'>;

const leftMs = ({ deadlineMs, clock }: Time): number => deadlineMs - clock.elapsed();

/** Whether there is time for another request. None is left once this sender was told to end. */
export const hasTime = (time: Time): boolean =>
  !time.stop.aborted && leftMs(time) > (time.isHurried ? 0 : MIN_REQUEST_MS);

class RetryLater extends Error {
  constructor(readonly verdict: RetryVerdict) {
    super(verdict.error);
  }
}
