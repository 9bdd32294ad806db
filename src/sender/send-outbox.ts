import { NOTHING_SENT, type SenderJob, type SendResult } from '../delivery/protocol.js';
import type { Endpoint } from '../project/endpoint.js';
import type { Draft } from '../report/draft.js';
import { OUTBOX_BOUND } from '../ranges.js';
import { peek } from './claim-batch.js';
import { isFor } from './claimed-segment.js';
import type { Route } from './routes.js';
import { addResults } from './send-results.js';
import { type EndpointParts, sendToEndpoint } from './send-to-endpoint.js';

/** What sending an outbox takes, to all endpoints of its reports. */
export interface OutboxParts extends Omit<EndpointParts, 'sender' | 'job' | 'passed'> {
  readonly job: SenderJob;
  readonly route: Route;
}

/** What a look at an outbox has left. */
export interface Looked {
  /** The names of the segments that were looked at and stay in the outbox. */
  readonly left: ReadonlySet<string>;
  /** An endpoint that has segments here takes none now. */
  readonly isBlocked: boolean;
}

/** The result for the app counts only the reports for its own endpoint. */
export interface OwnResult extends Looked {
  readonly result: SendResult;
}

/** Sends the reports of the app's own queue: first those for its endpoint, then all others. */
export async function sendOwnOutbox(parts: OutboxParts): Promise<OwnResult> {
  const own = await sendToEndpoint({ ...parts, sender: 'own' });
  const { left, foreign } = own;
  const others = await sendForeign(foreign, left, parts);
  const isRetired = (own.dropped.retired ?? 0) > 0;
  return {
    result: { ...addResults(NOTHING_SENT, own), ...(isRetired && { isRetired }) },
    left: others.left,
    isBlocked: own.error !== undefined,
  };
}

/** Sends the reports of a queue for another endpoint, and keeps it within its bounds. */
export async function sendOtherOutbox(parts: OutboxParts): Promise<Looked> {
  const { outbox } = parts;
  const { lost = 0 } = outbox.bound?.(OUTBOX_BOUND) ?? {};
  if (lost > 0) outbox.lose?.(lost);
  const first = await peek(outbox);
  if (first) return sendForeign(new Map([['', [first]]]), new Set(), parts);
  const isEmpty = (await outbox.list()).length === 0;
  // Else all segments are unreadable: these are counted and deleted.
  return isEmpty ? { left: new Set(), isBlocked: false } : sendOwnOutbox(parts);
}

/**
 * Sends to one endpoint after another.
 *
 * @param found - segments, and their reports for other endpoints than the app's
 * @param passed - the names of segments that are left alone until their endpoint's turn
 */
async function sendForeign(
  found: ReadonlyMap<string, readonly Draft[]>,
  passed: ReadonlySet<string>,
  parts: OutboxParts,
): Promise<Looked> {
  const left = new Set(passed);
  const served = new Set<string>();
  const waiting = new Map<string, { readonly draft: Draft; readonly names: Set<string> }>();
  let isBlocked = false;

  function add(name: string, draft: Draft): void {
    const address = addressOf(draft);
    if (served.has(address)) return;
    const entry = waiting.get(address) ?? { draft, names: new Set() };
    waiting.set(address, entry);
    entry.names.add(name);
  }

  const addAll = (foreign: typeof found): void =>
    foreign.forEach((drafts, name) => drafts.forEach((draft) => add(name, draft)));

  addAll(found);
  for (let [next] = waiting; next; [next] = waiting) {
    const [address, { draft, names }] = next;
    waiting.delete(address);
    served.add(address);
    const endpoint = parts.route(draft);
    if (!endpoint) {
      isBlocked = true;
      continue;
    }
    for (const name of names) left.delete(name);
    const sent = await sendToEndpoint(partsFor(endpoint, draft, left, parts));
    isBlocked ||= sent.error !== undefined;
    for (const name of [...names, ...sent.left]) left.add(name);
    addAll(sent.foreign);
  }
  return { left, isBlocked };
}

const addressOf = ({ endpoint }: Draft): string => endpoint?.url ?? 'this machine';

/** The version is that of the app that recorded the report: the collector may have retired it. */
function partsFor(
  endpoint: Endpoint,
  draft: Draft,
  passed: ReadonlySet<string>,
  parts: OutboxParts,
): EndpointParts {
  const { job, compression } = parts;
  const isOwn = isFor(draft, job.endpoint);
  return {
    ...parts,
    passed,
    job: isOwn ? job : { ...job, endpoint, version: draft.info.version },
    sender: isOwn ? 'own' : 'other',
    compression: { ...compression, isWanted: endpoint.form === 'batch' },
  };
}
