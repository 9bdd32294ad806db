import {
  afterFailure,
  afterRetired,
  afterSuccess,
  type DeliveryState,
  type Sender,
  waitMs,
} from '../delivery/delivery-state.js';
import { MAX_CHILD_WAIT_MS, NAME_NOT_FOUND, type SendResult } from '../delivery/protocol.js';
import { totalDropped } from '../drop-reasons.js';
import type { OutboxStorage } from '../storage/storage.js';
import type { InstallState } from './install-state.js';
import { type SegmentParts, sendSegments } from './segments.js';
import { addResults, NOTHING_LEFT, type SegmentsResult } from './send-results.js';

/** What sending to the endpoint of the job takes. */
export interface EndpointParts extends Omit<SegmentParts, 'retries' | 'isRetired'> {
  readonly job: SegmentParts['job'] & { readonly handover?: unknown };
  /** Whether the app names this endpoint. */
  readonly sender: Sender;
  readonly install: InstallState;
}

/** A request is repeated at once only if the last pass did not fail. */
const RETRIES = 2;
/** An unknown name may be known a minute later; other failures wait for the backoff. */
const NAME_RETRY_MS = 60_000;

/** Sends, unless senders must wait, and keeps the new delivery state for all of them. */
export async function sendToEndpoint(given: EndpointParts): Promise<SegmentsResult> {
  const { outbox, job, sender, install, clock, stop } = given;
  const { endpoint, version } = job;
  const parts: SegmentParts = { ...given, retries: 0, isRetired: false };
  const state = await install.load(endpoint, 'own');
  const otherState = sender === 'other' ? await install.load(endpoint, sender) : undefined;
  const waiting = Math.max(
    waitMs(state, clock.now()),
    otherState ? waitMs(otherState, clock.now()) : 0,
  );
  if (waiting > (job.handover && sender === 'own' ? MAX_CHILD_WAIT_MS : 0)) {
    const error = 'waiting for the time of the next attempt';
    return { ...NOTHING_LEFT, error, nextAttemptMs: clock.now() + waiting };
  }
  if (waiting > 0) await clock.sleep(waiting, stop);
  if (state.retired.includes(version)) return sendSegments({ ...parts, isRetired: true });
  const mayRepeat = sender === 'own' && state.failures === 0 && !endpoint.implicit;
  const retries = mayRepeat && !given.isHurried ? RETRIES : 0;
  /** What the collector says holds for all; that it was not reached, perhaps for this sender. */
  async function keepFailure(retryAfterMs: number | undefined): Promise<DeliveryState> {
    const failing = retryAfterMs !== undefined || !otherState ? 'own' : 'other';
    const failed = afterFailure(failing === 'own' || !otherState ? state : otherState, {
      nowMs: clock.now(),
      random: clock.random(),
      ...(retryAfterMs !== undefined && { retryAfterMs }),
    });
    await install.save(endpoint, failed, failing);
    return failed;
  }

  let answered: DeliveryState | undefined;
  const result = await sendSegments({
    ...parts,
    retries,
    // At once: this process may end while the request is repeated.
    onFailure: async ({ retryAfterMs }) => void (answered = await keepFailure(retryAfterMs)),
  });
  countLosses(outbox, result);
  if (result.isRetired) {
    await install.save(endpoint, afterRetired(state, version), 'own');
    const dropped = await sendSegments({ ...parts, isRetired: true });
    const { left, foreign } = dropped;
    return { ...addResults({ ...result, queued: 0 }, dropped), left, foreign };
  }
  if (result.error === undefined) {
    if (result.sent > 0) {
      await install.save(endpoint, afterSuccess(state, clock.now()), 'own');
      if (otherState && otherState.failures > 0) {
        await install.save(endpoint, afterSuccess(otherState, clock.now()), 'other');
      }
    }
    return { ...result, ...(result.failure !== undefined && { error: result.failure }) };
  }
  // Cancelled: without an answer, that says nothing of the collector.
  if (stop.aborted) return { ...result, ...(answered && { nextAttemptMs: answered.notBeforeMs }) };
  if (sender === 'own' && !job.handover && result.error === NAME_NOT_FOUND) {
    return { ...result, nextAttemptMs: clock.now() + NAME_RETRY_MS }; // a child need not wait
  }
  const failed = await keepFailure(result.retryAfterMs);
  return { ...result, nextAttemptMs: failed.notBeforeMs };
}

/** Adds to the install's total of losses. What may not be sent is no loss. */
function countLosses(outbox: OutboxStorage, { dropped }: SendResult): void {
  const lost = totalDropped(dropped) - (dropped.retired ?? 0) - (dropped['basic-level'] ?? 0);
  try {
    if (lost > 0) outbox.lose?.(lost);
  } catch {
    return; // a full disk: the status of this process has the count
  }
}
