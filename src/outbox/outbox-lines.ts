import type { Draft, Identity } from '../report/draft.js';

/** A segment's text, read: what is to be sent, and how many lines could not be read. */
export interface SegmentContent {
  readonly drafts: readonly Draft[];
  /** The ID these reports go out under, once it was fixed. */
  readonly identity: Identity | undefined;
  readonly unreadable: number;
}

/** One draft as a line of NDJSON. */
export const draftLine = (draft: Draft): string => `${JSON.stringify(draft)}\n`;

/**
 * The text of a claimed segment. The ID stands in its first line, so that every later attempt
 * sends the identical report.
 */
export const claimedText = (identity: Identity, drafts: readonly Draft[]): string =>
  `${JSON.stringify({ identity })}\n${drafts.map(draftLine).join('')}`;

/**
 * Reads a segment. A line that is no draft, half-written in a power cut for example, is counted
 * and passed over.
 */
export function readSegment(text: string): SegmentContent {
  const drafts: Draft[] = [];
  let identity: Identity | undefined;
  let unreadable = 0;
  for (const line of text.split('\n')) {
    if (line === '') continue;
    const value = parseLine(line);
    if (isIdentityLine(value)) identity = value.identity;
    else if (isDraft(value)) drafts.push(value);
    else unreadable += 1;
  }
  return { drafts, identity, unreadable };
}

function parseLine(line: string): unknown {
  try {
    return JSON.parse(line) as unknown;
  } catch {
    return undefined; // counted as unreadable
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

function isIdentityLine(value: unknown): value is { identity: Identity } {
  return (
    isRecord(value) &&
    isRecord(value['identity']) &&
    typeof value['identity']['anonymous_id'] === 'string'
  );
}

function isDraft(value: unknown): value is Draft {
  return (
    isRecord(value) &&
    ['report_id', 'timestamp', 'project', 'event'].every((key) => typeof value[key] === 'string') &&
    isRecord(value['info'])
  );
}
