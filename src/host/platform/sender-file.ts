import { Buffer } from 'node:buffer';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

/** The first bytes of the sender, by which it is told from another file of that name. */
const SENDER_MARK = '/*! headcount sender */';

/** The sender's code: open while the app may still need it, even if its file is deleted. */
export interface SenderFile {
  /** Opens it, where it is a file of its own. */
  open(): void;
  close(): void;
  /** Its text. */
  text(): string | undefined;
  /** Its path, while that leads to it. */
  path(): string | undefined;
  /** A descriptor of its own whose content is the sender, for a child's standard input. */
  descriptor(): number | undefined;
}

/** See {@link SenderFile}. */
export function senderFile(): SenderFile {
  let fd: number | undefined;
  let isMissing = false;

  /** Opened once. In a bundle it is not there: then its text is in the bundle. */
  function opened(): number | undefined {
    if (fd !== undefined || isMissing) return fd;
    try {
      fd = openBeside();
    } catch {
      // not there: a bundle, or the app's files are gone already
    }
    isMissing = fd === undefined;
    return fd;
  }

  return {
    open: () => void opened(),
    close() {
      if (fd !== undefined) fs.closeSync(fd);
      fd = undefined;
      isMissing = false;
    },
    text() {
      const file = opened();
      return file === undefined ? bundledSource() : readWhole(file);
    },
    path() {
      const file = opened();
      return file !== undefined && isSame(file, besidePath()) ? besidePath() : undefined;
    },
    descriptor() {
      const source = opened();
      const text = source === undefined ? bundledSource() : undefined;
      if (text !== undefined) return temporaryCopy(text);
      if (source === undefined) return undefined;
      // A descriptor of its own has its own position; the kept one must stay at the beginning.
      return isSame(source, besidePath())
        ? fs.openSync(besidePath(), 'r')
        : temporaryCopy(readWhole(source));
    },
  };
}

const besidePath = (): string => path.join(path.dirname(filePath(import.meta.url)), 'sender.cjs');

/** In a CommonJS build it is a path already. */
const filePath = (url: string): string => (url.startsWith('file:') ? fileURLToPath(url) : url);

/** Checked by its mark: a stranger's file of that name is never run. */
function openBeside(): number | undefined {
  const fd = fs.openSync(besidePath(), 'r');
  const head = Buffer.alloc(SENDER_MARK.length);
  fs.readSync(fd, head, 0, head.length, 0);
  if (head.toString('latin1') === SENDER_MARK) return fd;
  fs.closeSync(fd);
  return undefined;
}

function isSame(fd: number, file: string): boolean {
  const there = fs.statSync(file, { throwIfNoEntry: false });
  return there !== undefined && there.ino === fs.fstatSync(fd).ino;
}

function readWhole(fd: number): string {
  const content = Buffer.alloc(fs.fstatSync(fd).size);
  fs.readSync(fd, content, 0, content.length, 0);
  return content.toString('utf8');
}

/** Where the entry for bundlers, `dist/bundled.js`, leaves the sender: brotli, as base64. */
const BUNDLED = Symbol.for('headcount/sender');

/** The sender's text out of the bundle, where a bundler put it in. */
function bundledSource(): string | undefined {
  const packed = (globalThis as { [BUNDLED]?: () => string })[BUNDLED]?.();
  if (packed === undefined) return undefined;
  const { brotliDecompressSync } = process.getBuiltinModule('node:zlib');
  return brotliDecompressSync(Buffer.from(packed, 'base64')).toString('utf8');
}

/** The copy has its name only between these lines, in a folder that only its owner may enter. */
function temporaryCopy(text: string): number {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'headcount-'));
  try {
    const copy = path.join(folder, 'sender.cjs');
    fs.writeFileSync(copy, text, { mode: 0o600, flag: 'wx' });
    return fs.openSync(copy, 'r');
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}
