import { createHash, randomBytes } from 'node:crypto';
import { type FileHandle, link, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { hasCode } from '../has-code.js';
import { isRecord } from '../is-record.js';
import { syncFolder } from '../write-durably.js';
import type { KeptErasure } from './kept-erasure.js';

/** The name of the file, in the data folder and beside backups. */
export const ERASURES_FILE = 'erasures';

/** The file cannot be believed. The message says why. */
export class ErasuresFileError extends Error {
  override readonly name = 'ErasuresFileError';
}

/** The content of a file of erasures. */
export interface Erasures {
  /** Tells which pepper the users are hashed with. */
  readonly pepperId: string;
  /** The mark of the state before the first line. */
  readonly base: string;
  /** From when on it has every deletion, in milliseconds since 1970: later if it was lost once. */
  readonly since: number;
  readonly lines: readonly ErasureLine[];
  /**
   * Up to when it has every deletion that was confirmed, in milliseconds since 1970. The file names
   * the line that was its last then, so it shows if its end is cut off.
   */
  readonly reach: number;
  /** The bytes of all whole lines. What follows them is an append that was cut off. */
  readonly bytes: number;
}

export interface ErasureLine {
  /** Identifies the file's state up to this line: a hash over the line and the mark before. */
  readonly mark: string;
  readonly erasure: KeptErasure;
}

const MARK_DIGITS = 16;
const VERSION = 2;

/** The path of the file in a folder. */
export const erasuresPath = (folder: string): string => join(folder, ERASURES_FILE);

/** The mark of the last line, or of the state before the first. */
export const lastMark = ({ base, lines }: Pick<Erasures, 'base' | 'lines'>): string =>
  lines.at(-1)?.mark ?? base;

/**
 * Reads a file of erasures.
 *
 * @returns `undefined` if there is none.
 * @throws {@link ErasuresFileError} if it is damaged, or lacks a deletion that was confirmed.
 */
export async function readErasures(path: string): Promise<Erasures | undefined> {
  const found = await salvageErasures(path);
  if (found?.problem !== undefined) throw found.problem;
  return found?.content;
}

/** What is whole at the beginning of a file of erasures. */
export interface SalvagedErasures {
  readonly content: Erasures;
  /** What is wrong with the rest. */
  readonly problem: ErasuresFileError | undefined;
}

/**
 * Reads a file of erasures as far as it is whole.
 *
 * @returns `undefined` if there is none.
 * @throws {@link ErasuresFileError} if even its beginning is damaged.
 */
export async function salvageErasures(path: string): Promise<SalvagedErasures | undefined> {
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ENOTDIR')) return undefined;
    throw error;
  }
  const end = bytes.lastIndexOf('\n') + 1;
  const [head = '', reachLine = '', ...rest] = bytes
    .subarray(0, end)
    .toString('utf8')
    .split('\n')
    .slice(0, -1);
  const { pepperId, base, since } = readHead(head, path);
  const confirmed = readReach(reachLine, path);
  let size = Buffer.byteLength(`${head}\n${reachLine}\n`);
  const lines: ErasureLine[] = [];
  const found = (problem?: string): SalvagedErasures => ({
    content: { pepperId, base, since, lines, reach: confirmed.at, bytes: size },
    problem: problem === undefined ? undefined : new ErasuresFileError(problem),
  });
  for (const [at, line] of rest.entries()) {
    const before = lines.at(-1)?.mark ?? base;
    const body = line.slice(MARK_DIGITS + 1);
    const mark = markOf(before, body);
    const erasure = line === `${mark} ${body}` ? decode(body) : undefined;
    if (erasure === undefined) return found(`${path} is damaged in line ${at + 3}.`);
    lines.push({ mark, erasure });
    size += Buffer.byteLength(line) + 1;
  }
  // What is beyond was being appended and not confirmed when its process ended.
  const marks = [base, ...lines.map(({ mark }) => mark)];
  if (marks.includes(confirmed.mark)) return found();
  return found(`${path} is cut off: the last deletions that it had are missing.`);
}

/** The second line has always the same length, so that it can be overwritten in its place. */
const reachLineOf = (mark: string, at: number): string => {
  const text = `${mark} ${new Date(at).toISOString()}`;
  return `${text} ${markOf('reach', text)}`;
};

function readReach(line: string, path: string): { readonly mark: string; readonly at: number } {
  const [mark = '', time = ''] = line.split(' ');
  const at = Date.parse(time);
  if (!Number.isNaN(at) && reachLineOf(mark, at) === line) return { mark, at };
  throw new ErasuresFileError(`${path} is damaged in line 2.`);
}

function readHead(head: string, path: string): Pick<Erasures, 'pepperId' | 'base' | 'since'> {
  const { headcount_erasures: version, pepper, base, since } = parse(head) ?? {};
  if (version !== VERSION || typeof pepper !== 'string' || typeof base !== 'string') {
    throw new ErasuresFileError(`${path} is damaged, or is no file of erasures.`);
  }
  return { pepperId: pepper, base, since: typeof since === 'number' ? since : 0 };
}

/**
 * Creates a file, unless there is one.
 *
 * @param spans - From when and up to when it has every deletion, in milliseconds since 1970.
 * @returns Whether it was created.
 */
export async function createErasures(
  path: string,
  pepperId: string,
  { since, reach }: Pick<Erasures, 'since' | 'reach'>,
  erasures: readonly KeptErasure[] = [],
): Promise<boolean> {
  const base = randomBytes(MARK_DIGITS / 2).toString('hex');
  const lines: ErasureLine[] = [];
  for (const erasure of erasures) {
    lines.push({ mark: markOf(lines.at(-1)?.mark ?? base, encode(erasure)), erasure });
  }
  const draft = await writeDraft(path, { pepperId, base, since, lines, reach });
  try {
    // Unlike a rename, a link never replaces what another process has put there meanwhile.
    await link(draft, path);
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
  await syncFolder(dirname(path));
  return true;
}

/** Replaces a file's content, atomically and durably. Nobody may append meanwhile. */
export async function replaceErasures(
  path: string,
  content: Omit<Erasures, 'bytes'>,
): Promise<void> {
  const draft = await writeDraft(path, content);
  await rename(draft, path);
  await syncFolder(dirname(path));
}

/**
 * Appends an erasure durably; what was cut off at the end is overwritten.
 *
 * @param at - Up to when the file has every deletion with this one, in milliseconds since 1970.
 * @returns The new content.
 */
export async function appendErasure(
  path: string,
  before: Erasures,
  erasure: KeptErasure,
  at: number,
): Promise<Erasures> {
  const body = encode(erasure);
  const mark = markOf(lastMark(before), body);
  const line = Buffer.from(`${mark} ${body}\n`);
  const file = await open(path, 'r+');
  try {
    await file.truncate(before.bytes);
    await writeAll(file, line, before.bytes);
    await file.sync();
  } finally {
    await file.close();
  }
  const lines = [...before.lines, { mark, erasure }];
  return confirmErasures(path, { ...before, lines, bytes: before.bytes + line.length }, at);
}

/** Notes durably up to when a file has every deletion. Returns the new content. */
export async function confirmErasures(
  path: string,
  content: Erasures,
  at: number,
): Promise<Erasures> {
  const reach = Math.max(at, content.reach);
  const file = await open(path, 'r+');
  try {
    const line = Buffer.from(reachLineOf(lastMark(content), reach));
    await writeAll(file, line, Buffer.byteLength(`${headOf(content)}\n`));
    await file.sync();
  } finally {
    await file.close();
  }
  return { ...content, reach };
}

async function writeAll(file: FileHandle, bytes: Buffer, at: number): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    done += (await file.write(bytes, done, bytes.length - done, at + done)).bytesWritten;
  }
}

async function writeDraft(path: string, content: Omit<Erasures, 'bytes'>): Promise<string> {
  const draft = `${path}.${randomBytes(8).toString('hex')}.draft`;
  const file = await open(draft, 'wx', 0o600);
  try {
    await writeAll(file, Buffer.from(toText(content)), 0);
    await file.sync();
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  } finally {
    await file.close();
  }
  return draft;
}

const headOf = ({ pepperId, base, since }: Omit<Erasures, 'lines' | 'reach' | 'bytes'>): string =>
  JSON.stringify({ headcount_erasures: VERSION, pepper: pepperId, base, since });

function toText(content: Omit<Erasures, 'bytes'>): string {
  const { lines, reach } = content;
  const start = [headOf(content), reachLineOf(lastMark(content), reach)];
  return [...start, ...lines.map(({ mark, erasure }) => `${mark} ${encode(erasure)}`), ''].join(
    '\n',
  );
}

const markOf = (before: string, body: string): string =>
  createHash('sha256').update(`${before} ${body}`).digest('hex').slice(0, MARK_DIGITS);

function encode({ epoch, position, project, uid, ownerHash, deletedAt }: KeptErasure): string {
  return JSON.stringify({
    ...{ epoch, position, project, deleted_at: deletedAt },
    user: Buffer.from(uid).toString('base64'),
    owner: ownerHash === null ? null : Buffer.from(ownerHash).toString('base64'),
  });
}

function decode(body: string): KeptErasure | undefined {
  const { epoch, position, project, deleted_at: deletedAt, user, owner } = parse(body) ?? {};
  if (typeof epoch !== 'string' || typeof position !== 'number') return undefined;
  if (typeof project !== 'string' || typeof user !== 'string') return undefined;
  if (typeof deletedAt !== 'number' || (owner !== null && typeof owner !== 'string')) {
    return undefined;
  }
  return {
    ...{ epoch, position, project, deletedAt },
    uid: Buffer.from(user, 'base64'),
    ownerHash: owner === null ? null : Buffer.from(owner, 'base64'),
  };
}

function parse(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : undefined;
  } catch {
    // The caller says what it means that this is no JSON.
    return undefined;
  }
}
