import { isRecord } from '../type-guards.js';
import type { Draft, Identity } from '../report/draft.js';

/** What all reports of a segment share. It is set when the segment is first claimed. */
export interface FixedFacts {
  /** Absent if every report already contains an ID. */
  readonly identity: Identity | undefined;
  readonly lostTotal: number;
}

/** The content of a segment: its drafts, and how many lines could not be read. */
export interface SegmentContent {
  readonly drafts: readonly Draft[];
  readonly fixed: FixedFacts | undefined;
  readonly unreadable: number;
}

/** One draft as a line of NDJSON. */
export const draftLine = (draft: Draft): string => `${JSON.stringify(draft)}\n`;

/**
 * The text of a claimed segment. Its first line contains the fixed facts, so that every later
 * attempt sends identical reports.
 */
export const segmentText = (fixed: FixedFacts, drafts: readonly Draft[]): string =>
  `${JSON.stringify({ fixed })}\n${drafts.map(draftLine).join('')}`;

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
  // A first line without an ID does not count if a report needs one.
  const isComplete = fixed?.identity !== undefined || drafts.every(({ given_id }) => given_id);
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
  const { identity, lostTotal } = value['fixed'];
  return {
    identity: isIdentity(identity) ? identity : undefined,
    lostTotal: typeof lostTotal === 'number' ? lostTotal : 0,
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

/** The latest time a `Date` can have, ECMA-262, "Time Values and Time Range". */
const MAX_TIME_MS = 8.64e15;

function draftOf(value: unknown): Draft | undefined {
  if (!isRecord(value) || !isRecord(value['info'])) return undefined;
  const { at_ms: atMs, ...rest } = value;
  // The host writes the time as a number: formatting it would cost more than the write.
  const timed =
    typeof atMs === 'number' && Math.abs(atMs) <= MAX_TIME_MS
      ? { ...rest, timestamp: new Date(atMs).toISOString() }
      : rest;
  return isDraft(timed) ? timed : undefined;
}

const isDraft = (value: object): value is Draft =>
  ['report_id', 'timestamp', 'project', 'event'].every(
    (key) => typeof (value as Record<string, unknown>)[key] === 'string',
  );
