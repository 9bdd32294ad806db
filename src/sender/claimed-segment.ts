import type { SenderJob } from '../delivery/protocol.js';
import { DEFAULT_ENDPOINT, type Endpoint, isThisMachines } from '../project/endpoint.js';
import { parseEndpoint } from '../project/parse-endpoint.js';
import { completeReport, type Draft, type Identity, type NumberedDraft } from '../report/draft.js';
import { clamp, isTime, MAX_LOST } from '../ranges.js';
import { recordedFor, type SegmentContent, segmentText } from '../storage/outbox-lines.js';
import type { OutboxStorage } from '../storage/storage.js';
import type { Report } from '../wire/report.js';
import type { Clock } from './platform/sender-platform.js';
import { uuidV7 } from './uuid-v7.js';

/** A segment that this sender has claimed, and whose reports will never change. */
export interface ClaimedSegment {
  readonly name: string;
  readonly drafts: readonly NumberedDraft[];
  /** By {@link recordedFor}. */
  readonly identities: Readonly<Record<string, Identity>>;
  readonly lostTotal: number;
  readonly unreadable: number;
}

/** Finds the ID in a report to an endpoint, with the owner for it. */
export type Identify = (
  draft: Pick<Draft, 'info' | 'at_ms'>,
  endpoint: Endpoint,
) => Promise<Identity>;

/** What the reports of a segment are completed with. */
export interface FixParts {
  readonly outbox: OutboxStorage;
  readonly job: Pick<SenderJob, 'endpoint'>;
  readonly identify: Identify;
  readonly clock: Pick<Clock, 'now' | 'randomBytes'>;
}

/**
 * Writes the ID, the total of losses and the ID of each report into a segment when it is first
 * claimed, so that every attempt sends identical reports. Rejects if that fails: nothing is sent.
 */
export async function fixSegment(
  name: string,
  { drafts, unreadable: damaged, fixed }: SegmentContent,
  parts: FixParts,
): Promise<ClaimedSegment> {
  const { outbox, clock } = parts;
  // A segment without a readable report counts as at least one loss.
  const unreadable = damaged || Number(drafts.length === 0);
  const numbered = drafts.map((draft) => number(draft, clock));
  const isNumbered = drafts.every((draft) => draft.report_id !== undefined);
  if (fixed && isNumbered) return { name, drafts: numbered, unreadable, ...fixed };
  const facts = fixed ?? {
    identities: await identitiesFor(drafts, parts),
    lostTotal: await lostTotalOf(outbox),
  };
  const text = segmentText(facts, numbered);
  if (drafts.length > 0 && (await outbox.rewrite(name, text)) === false) {
    throw Object.assign(new Error('its writer adds to it'), { code: 'EBUSY' });
  }
  return { name, drafts: numbered, unreadable, ...facts };
}

/** A program whose clock makes no sense gets the time of the sender. */
function number(draft: Draft, clock: FixParts['clock']): NumberedDraft {
  const { report_id } = draft;
  if (report_id !== undefined) return { ...draft, report_id };
  const at_ms = isTime(draft.at_ms) ? draft.at_ms : clock.now();
  return { ...draft, at_ms, report_id: uuidV7(at_ms, clock.randomBytes(10)) };
}

async function identitiesFor(
  drafts: readonly Draft[],
  { identify, job }: Pick<FixParts, 'identify' | 'job'>,
): Promise<Record<string, Identity>> {
  const found: Record<string, Identity> = {};
  for (const draft of drafts.filter(({ given_id }) => given_id === undefined)) {
    found[recordedFor(draft)] ??= await identify(draft, endpointOf(draft, job.endpoint));
  }
  return found;
}

/** The endpoint that a report was recorded for, named as it was then. */
export function endpointOf(draft: Draft, own: Endpoint): Endpoint {
  const { endpoint: recorded } = draft;
  if (recorded === undefined) return isThisMachines(own) ? own : THIS_MACHINE;
  const { url, form } = own;
  const isOwn = url === recorded.url;
  const parsed = isOwn ? { url, form, implicit: false } : parseEndpoint(recorded.url, ANY);
  // The address was checked when the report was read.
  if (typeof parsed === 'string') throw new Error(`not an address: ${parsed}`);
  return { ...parsed, ...(recorded.fromEnvironment && { fromEnvironment: true }) };
}

/** For the ID, the port of this machine's collector makes no difference. */
const THIS_MACHINE: Endpoint = { url: DEFAULT_ENDPOINT, form: 'batch', implicit: true };
const ANY = { allowInsecure: true };

/** An unreadable total delays no report; a later report has the total. */
async function lostTotalOf(outbox: OutboxStorage): Promise<number> {
  try {
    return clamp(await outbox.lostTotal?.(), MAX_LOST);
  } catch {
    return 0;
  }
}

/** Whether a report was recorded for an endpoint. It goes to no other. */
export function isFor({ endpoint: recorded }: Draft, endpoint: Endpoint): boolean {
  const isLocal = isThisMachines(endpoint);
  return recorded === undefined ? isLocal : !isLocal && recorded.url === endpoint.url;
}

/** The reports of a segment that go to an endpoint. */
export function reportsFor(
  { drafts, identities, lostTotal }: ClaimedSegment,
  endpoint: Endpoint,
): Report[] {
  return drafts
    .filter((draft) => isFor(draft, endpoint))
    .map((draft) => {
      const kept = identities[recordedFor(draft)];
      const given = draft.given_id === undefined ? kept : givenIdentity(draft.given_id);
      if (!given) throw new Error('a draft without a given ID got none when it was claimed');
      return completeReport(draft, given, lostTotal);
    });
}

const givenIdentity = (anonymous_id: string): Identity => ({
  anonymous_id,
  id_source: anonymous_id.startsWith('ci-') ? 'ci' : 'given',
  id_persisted: true,
});
