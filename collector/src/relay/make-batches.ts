import { decodeRelayEntry } from './relay-entry.js';
import { SENT_NOW, toPassage } from './to-passage.js';

/** A row of the journal that is to be passed on. */
export interface WaitingRow {
  readonly position: number;
  readonly body: string;
  /** How often a batch with it may have failed because of it. */
  readonly suspicion: number;
}

/** One report of a batch, with all rows that hold it. */
export interface BatchItem {
  readonly positions: number[];
  readonly suspicion: number;
  readonly json: string;
  readonly project: string;
}

/** Reports that go in one request. */
export interface Batch {
  readonly key: string | undefined;
  /** See `Passage`. */
  readonly sentAt: string | undefined;
  /** By which relays they came. */
  readonly relayedBy: readonly string[];
  readonly items: readonly BatchItem[];
}

/** Reports of a batch: as many as a collector takes. */
const MAX_REPORTS = 500;

/** Characters of a batch; a single report may have more. */
const MAX_CHARACTERS = 256 * 1024;

/**
 * For how long it is remembered by which relays a report came, in milliseconds: a circle is slow then,
 * and a report that waited while the way was mended is not refused for where it once was.
 */
const RELAYED_BY_KEPT_MS = 60 * 60_000;

const NO_RELAY: readonly string[] = [];

/** By how much batches get smaller with each suspicion, so that a report at fault is soon alone. */
const DIVISOR = 5;

/** Puts rows together into batches, each report once. */
export function makeBatches(rows: readonly WaitingRow[], now: number): Batch[] {
  const groups = new Map<string, { readonly head: Omit<Batch, 'items'>; items: BatchItem[] }>();
  const known = new Map<string, BatchItem>();
  for (const { position, body, suspicion } of rows) {
    const entry = decodeRelayEntry(body);
    const { key } = entry;
    const { report, sentAt } = toPassage(entry, now);
    const { project, anonymous_id: id, report_id: reportId } = report;
    const name = JSON.stringify([key, project, id, reportId]);
    const same = known.get(name);
    if (same !== undefined) {
      same.positions.push(position);
      continue;
    }
    const item = { positions: [position], suspicion, json: JSON.stringify(report), project };
    known.set(name, item);
    const isRecent = now - entry.receivedAt < RELAYED_BY_KEPT_MS;
    const relayedBy = (isRecent ? entry.relayedBy : undefined) ?? NO_RELAY;
    const groupName = JSON.stringify([key, sentAt, suspicion, relayedBy]);
    const group = groups.get(groupName) ?? { head: { key, sentAt, relayedBy }, items: [] };
    group.items.push(item);
    groups.set(groupName, group);
  }
  const inOrder = [...groups.values()].sort((a, b) => suspicionOf(a) - suspicionOf(b));
  return inOrder.flatMap(({ head, items }) =>
    divide(items).map((part) => ({ ...head, items: part })),
  );
}

/** All reports of a group have the same. */
const suspicionOf = ({ items }: { readonly items: readonly BatchItem[] }): number =>
  items[0]?.suspicion ?? 0;

function divide(items: readonly BatchItem[]): BatchItem[][] {
  const parts: BatchItem[][] = [];
  let part: BatchItem[] = [];
  let characters = 0;
  for (const item of items) {
    const most = Math.max(1, Math.floor(MAX_REPORTS / DIVISOR ** item.suspicion));
    const isFull = part.length >= most || characters + item.json.length > MAX_CHARACTERS;
    if (part.length > 0 && isFull) {
      parts.push(part);
      part = [];
      characters = 0;
    }
    part.push(item);
    characters += item.json.length;
  }
  if (part.length > 0) parts.push(part);
  return parts;
}

/** The body of a request. */
export function writeBatch({ sentAt, items }: Batch, now: () => Date): string {
  const sent = sentAt === SENT_NOW ? now().toISOString() : sentAt;
  const head = sent === undefined ? '' : `"sent_at":${JSON.stringify(sent)},`;
  return `{${head}"reports":[${items.map(({ json }) => json).join(',')}]}`;
}
