import type { CollectorFailure, CollectorFault } from '../../delivery/answers.js';
import { isRecord } from '../../type-guards.js';
import { type Answer, errorTextOf, REQUEST_TIMEOUT_MS } from '../http.js';
import { USER_AGENT } from '../user-agent.js';
import { parseRetryAfter } from '../verdict.js';
import type { Deletion } from './deletions.js';
import { type TaskParts, userUrl } from './task.js';

/** An export has every day of a user. */
const MAX_ANSWER_BYTES = 4 * 1024 * 1024;
/** With less time left, no answer can be expected. */
const MIN_REQUEST_MS = 1_000;
const MIN_WAIT_MS = 250;
/** The statuses with which a collector asks to come back. */
const LATER = [429, 503];
/** The statuses of a server without this function. */
const NO_FUNCTION = [404, 405, 501];

/** What a collector has answered about one of its users. */
export type Asked<Value> = { readonly ok: true; readonly value: Value } | CollectorFailure;

/**
 * Asks a collector about one of its users, and asks again where it says when. Never rejects.
 *
 * @param read - reads the answer; `undefined` if it is not the one that was asked for
 */
export async function askCollector<Value>(
  method: 'GET' | 'DELETE',
  target: Deletion,
  parts: TaskParts,
  read: (json: unknown) => Value | undefined,
): Promise<Asked<Value>> {
  const { endpoint, anonymousId } = target;
  const failed = (reason: CollectorFault, error: string): CollectorFailure => ({
    ok: false,
    collector: endpoint.url,
    anonymousId,
    reason,
    error,
  });
  try {
    const answer = await lastAnswer(method, target, parts);
    if (answer === undefined) return failed('busy', 'asks to wait longer than this takes');
    const { status } = answer;
    const json = jsonIn(answer);
    if (status === 404 && isRecord(json) && json['code'] === 'unknown_user') {
      return failed('unknown-id', 'does not know this ID, or not as yours');
    }
    if (NO_FUNCTION.includes(status)) {
      return failed('refused', `cannot do this (${status}); ask who runs it`);
    }
    if (status < 200 || status > 299) return failed('refused', `said ${status}`);
    const value = read(json);
    return value === undefined
      ? failed('invalid-answer', 'gave an answer that is not one of a collector')
      : { ok: true, value };
  } catch (error) {
    return failed('unreachable', `was not reached: ${errorTextOf(error)}`);
  }
}

/** The first answer that is not a request to wait; `undefined` if there is no time to wait. */
async function lastAnswer(
  method: 'GET' | 'DELETE',
  { endpoint, anonymousId, proof }: Deletion,
  { job, clock, deadlineMs, http }: TaskParts,
): Promise<Answer | undefined> {
  for (;;) {
    const answer = await http.request({
      url: userUrl(endpoint, anonymousId, job.project),
      method,
      headers: {
        accept: 'application/json',
        authorization: `Bearer ${proof}`,
        'user-agent': USER_AGENT,
      },
      maxAnswerBytes: MAX_ANSWER_BYTES,
      timeoutMs: Math.min(REQUEST_TIMEOUT_MS, Math.max(Math.ceil(deadlineMs - clock.elapsed()), 1)),
    });
    const waitMs = parseRetryAfter(answer.header('retry-after'), clock.now());
    if (!LATER.includes(answer.status) || waitMs === undefined) return answer;
    const pauseMs = Math.max(waitMs, MIN_WAIT_MS);
    if (clock.elapsed() + pauseMs + MIN_REQUEST_MS > deadlineMs) return undefined;
    await clock.sleep(pauseMs);
  }
}

function jsonIn({ body }: Answer): unknown {
  try {
    return JSON.parse(body) as unknown;
  } catch {
    return undefined; // HTML, or a part of an answer
  }
}
