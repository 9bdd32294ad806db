import { existsSync, readFileSync } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { hasCode } from '../has-code.js';
import { anyFolder, type CheckFolder } from '../opened-folder.js';
import { type AuditDetails, boundDetails } from './audit-details.js';
import type { Caller } from './caller.js';

/** An administrative action. It names no address and no secret. */
export interface AuditEntry {
  /** ISO 8601, in UTC. */
  readonly at: string;
  /** The ID of the administrator's token; `null` for the command line and jobs. */
  readonly token: string | null;
  /** The name of the token, or of what acted without one. */
  readonly who: string;
  /** Such as `POST /v1/tokens` or `token create`. */
  readonly action: string;
  /** What it was done to, such as a project or the ID of a token. */
  readonly target: string;
  readonly outcome: 'done' | 'failed';
  /** Such as the level of a token, what was cleaned, or which settings were changed to what. */
  readonly details?: AuditDetails;
}

/** Entries, newest first, and where the next older ones begin; `null` if there are none. */
export interface AuditPage {
  readonly entries: readonly AuditEntry[];
  readonly next: number | null;
}

/** The log of administrative actions: it is appended to and never changed. */
export interface Audit {
  /** Appends an entry. It is durable when it resolves. */
  record(
    who: Pick<Caller, 'id' | 'name'>,
    done: Omit<AuditEntry, 'at' | 'token' | 'who'>,
  ): Promise<void>;
  /**
   * @param before - `next` of the page before; the end without it.
   * @param limit - Entries at most.
   */
  page(limit: number, before?: number): Promise<AuditPage>;
}

/** Characters of a target at most. An entry is so short that appending it is one write. */
const MAX_TARGET_CHARACTERS = 512;

/** Bytes that are read at a time, from the end. */
const CHUNK_BYTES = 64 * 1024;

/** Opens the log in a file, which several processes may append to. */
export function openAudit(
  path: string,
  now: () => Date,
  checkFolder: CheckFolder = anyFolder,
): Audit {
  return {
    record: async (who, done) => {
      const entry = toAuditEntry(now(), who, done);
      await checkFolder();
      const file = await open(path, 'a', 0o600);
      try {
        // A line that was torn by a loss of power must not take this one with it.
        await file.write(`${(await endsWithLine(path)) ? '' : '\n'}${JSON.stringify(entry)}\n`);
        await file.sync();
      } finally {
        await file.close();
      }
    },
    page: async (limit, before) => {
      const file = await openToRead(path);
      if (file === undefined) return { entries: [], next: null };
      try {
        const { size } = await file.stat();
        return await readBack(file, limit, Math.min(before ?? size, size));
      } finally {
        await file.close();
      }
    },
  };
}

/** An entry about what was done, short enough to be kept. */
export function toAuditEntry(
  at: Date,
  { id, name }: Pick<Caller, 'id' | 'name'>,
  { action, target, outcome, details = {} }: Omit<AuditEntry, 'at' | 'token' | 'who'>,
): AuditEntry {
  const bounded = boundDetails(details);
  return {
    at: at.toISOString(),
    token: id,
    who: name,
    action,
    target: target.slice(0, MAX_TARGET_CHARACTERS),
    outcome,
    ...(bounded && { details: bounded }),
  };
}

/** All entries of a file that may be missing, the oldest first. */
export function readAuditFile(path: string): AuditEntry[] {
  const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
  return text.split('\n').flatMap((line) => parse(line) ?? []);
}

async function openToRead(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, 'r');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

async function endsWithLine(path: string): Promise<boolean> {
  const file = await openToRead(path);
  if (file === undefined) return true;
  try {
    const { size } = await file.stat();
    if (size === 0) return true;
    const { buffer } = await file.read(Buffer.alloc(1), 0, 1, size - 1);
    return buffer.toString() === '\n';
  } finally {
    await file.close();
  }
}

async function readBack(file: FileHandle, limit: number, end: number): Promise<AuditPage> {
  const entries: AuditEntry[] = [];
  let at = end;
  while (at > 0 && entries.length < limit) {
    const from = Math.max(0, at - CHUNK_BYTES);
    const { buffer } = await file.read(Buffer.alloc(at - from), 0, at - from, from);
    // The first line of a chunk may begin before it.
    const begin = from === 0 ? 0 : buffer.indexOf(10) + 1;
    let lineEnd = buffer.length;
    while (lineEnd > begin && entries.length < limit) {
      const lineBegin = buffer.lastIndexOf(10, lineEnd - 2) + 1;
      const entry = parse(buffer.toString('utf8', Math.max(begin, lineBegin), lineEnd));
      if (entry !== undefined) entries.push(entry);
      lineEnd = Math.max(begin, lineBegin);
    }
    at = from + lineEnd;
    // A chunk without a line is none of ours.
    if (begin === 0 && from > 0) break;
  }
  return { entries, next: at > 0 ? at : null };
}

function parse(line: string): AuditEntry | undefined {
  try {
    return JSON.parse(line) as AuditEntry; // only this file's own lines are complete JSON
  } catch {
    return undefined; // a torn line
  }
}
