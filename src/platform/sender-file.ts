import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { senderSource } from '#sender-source';

/** The first bytes of the sender, by which it is told from another file of that name. */
export const SENDER_MARK = '/*! headcount sender */';

/**
 * `sender.cjs` beside this module, open for reading; `undefined` where a bundler has moved this
 * code elsewhere. Checked by its mark: a stranger's file of that name is never run.
 */
function openBeside(): { fd: number; file: string } | undefined {
  let fd: number | undefined;
  try {
    const file = path.join(path.dirname(fileURLToPath(import.meta.url)), 'sender.cjs');
    fd = fs.openSync(file, 'r');
    const head = Buffer.alloc(SENDER_MARK.length);
    fs.readSync(fd, head, 0, head.length, 0);
    if (head.toString('latin1') === SENDER_MARK) return { fd, file };
  } catch {
    // not there: a bundle, or the app's files were deleted meanwhile
  }
  if (fd !== undefined) fs.closeSync(fd);
  return undefined;
}

/** The sender's text out of the bundle, where a bundler put it in. */
function bundledSource(): string | undefined {
  if (senderSource === undefined) return undefined;
  const { brotliDecompressSync } = process.getBuiltinModule('node:zlib');
  return brotliDecompressSync(Buffer.from(senderSource(), 'base64')).toString('utf8');
}

/** What a worker thread is started with: a file, or the code itself. */
export function senderForThread(): { code: string; eval: boolean } | undefined {
  const beside = openBeside();
  if (beside) {
    fs.closeSync(beside.fd);
    return { code: beside.file, eval: false };
  }
  const source = bundledSource();
  return source === undefined ? undefined : { code: source, eval: true };
}

/**
 * A descriptor whose content is the sender, for a child's standard input. The copy that a bundled
 * app needs for that has its name only between the two calls below.
 */
export function senderForProcess(): number | undefined {
  const beside = openBeside();
  if (beside) return beside.fd;
  const source = bundledSource();
  if (source === undefined) return undefined;
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'headcount-'));
  const copy = path.join(folder, 'sender.cjs');
  try {
    fs.writeFileSync(copy, source, { mode: 0o600, flag: 'wx' });
    return fs.openSync(copy, 'r');
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}
