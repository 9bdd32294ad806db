import { isRecord } from '../type-guards.js';
import { parseEndpoint } from '../project/parse-endpoint.js';
import { clamp, MAX_LOST, MAX_TIME_MS } from '../ranges.js';
import type { Draft, Identity } from '../report/draft.js';
import { linesIn } from './segment-name.js';

/** What all reports of a segment share. It is set when the segment is first claimed. */
export interface FixedFacts {
  /** The ID in the reports for each endpoint, by {@link recordedFor}. */
  readonly identities: Readonly<Record<string, Identity>>;
  readonly lostTotal: number;
}

/** The content of a segment: its drafts, and how many lines could not be read. */
export interface SegmentContent {
  readonly drafts: readonly Draft[];
  readonly fixed: FixedFacts | undefined;
  readonly unreadable: number;
}

/** Where a report goes, as a key. An address from HEADCOUNT_ENDPOINT gets an ID of its own. */
export const recordedFor = ({ endpoint }: Draft): string =>
  endpoint === undefined
    ? 'this machine'
    : `${endpoint.fromEnvironment ? 'variable ' : ''}${endpoint.url}`;

/** One draft as a line of NDJSON. */
export const draftLine = (draft: Draft): string => `${JSON.stringify(draft)}\n`;

/**
 * The text of a claimed segment. Its first line contains the fixed facts, so that every later
 * attempt sends identical reports.
 */
export const segmentText = (fixed: FixedFacts, drafts: readonly Draft[]): string =>
  `${JSON.stringify({ fixed })}\n${drafts.map(draftLine).join('')}`;

/** How many reports a segment's text has, readable or not. */
export const reportLinesIn = (text: string): number =>
  linesIn(text) - Number(text.startsWith('{"fixed":'));

/**
 * Reads a segment. A line that is not a draft is skipped and counted: a power failure may have cut
 * it short.
 */
export function readSegment(text: string): SegmentContent {
  const drafts: Draft[] = [];
  let fixed: FixedFacts | undefined;
  let unreadable = 0;
  for (const line of text.split('\n')) {
    if (line === '') continue;
    const value = parseLine(line);
    const facts = fixedFactsOf(value);
    const draft = facts ? undefined : draftOf(value);
    if (facts) fixed = facts;
    else if (draft) drafts.push(draft);
    else unreadable += 1;
  }
  // A first line without an ID does not count if a report needs it.
  const isComplete = drafts.every(
    (draft) => draft.given_id !== undefined || fixed?.identities[recordedFor(draft)] !== undefined,
  );
  return { drafts, fixed: isComplete ? fixed : undefined, unreadable };
}

function parseLine(line: string): unknown {
  try {
    return JSON.parse(line) as unknown;
  } catch {
    return undefined; // counted as unreadable
  }
}

function fixedFactsOf(value: unknown): FixedFacts | undefined {
  if (!isRecord(value) || !isRecord(value['fixed'])) return undefined;
  const { identities, lostTotal } = value['fixed'];
  const entries = Object.entries(isRecord(identities) ? identities : {});
  return {
    identities: Object.fromEntries(
      entries.flatMap(([name, identity]) => (isIdentity(identity) ? [[name, identity]] : [])),
    ),
    lostTotal: clamp(lostTotal, MAX_LOST),
  };
}

const isIdentity = (value: unknown): value is Identity =>
  isRecord(value) &&
  typeof value['anonymous_id'] === 'string' &&
  typeof value['id_source'] === 'string' &&
  typeof value['id_persisted'] === 'boolean' &&
  (value['owner'] === undefined || isOwner(value['owner']));

const isOwner = (value: unknown): boolean =>
  typeof value === 'string' && /^[0-9a-f]{32}$/.test(value);

function draftOf(value: unknown): Draft | undefined {
  if (!isRecord(value) || !isRecord(value['info'])) return undefined;
  const draft = { ...value, at_ms: clamp(value['at_ms'], MAX_TIME_MS) };
  return 'at_ms' in value && isDraft(draft) ? draft : undefined;
}

const isDraft = (value: Readonly<Record<string, unknown>>): value is Draft & typeof value =>
  typeof value['project'] === 'string' &&
  typeof value['event'] === 'string' &&
  (value['endpoint'] === undefined || isEndpoint(value['endpoint']));

/** An address that no sender could ever use makes its report unreadable. */
const isEndpoint = (value: unknown): boolean =>
  isRecord(value) &&
  typeof value['url'] === 'string' &&
  typeof parseEndpoint(value['url'], { allowInsecure: true }) !== 'string';
