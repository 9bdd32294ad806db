import { Buffer } from 'node:buffer';
import fs from 'node:fs';
import os from 'node:os';
import process from 'node:process';

/** Windows deletes a file opened with this when the last descriptor is closed. */
const DELETE_ON_CLOSE = process.platform === 'win32' ? 0x40 : 0;

/**
 * A descriptor of a file with this text, at position 0. Only this user can open the file, which has
 * no name any more where the system allows that. `undefined` if there is no room for it.
 */
export function temporaryCopy(text: string): number | undefined {
  const { O_CREAT, O_EXCL, O_RDWR } = fs.constants;
  const unique = `${process.pid}-${process.hrtime.bigint().toString(36)}`;
  const file = `${os.tmpdir()}/headcount-${unique}.cjs`;
  let fd: number | undefined;
  try {
    fd = fs.openSync(file, O_CREAT | O_EXCL | O_RDWR | DELETE_ON_CLOSE, 0o600);
    if (DELETE_ON_CLOSE === 0) fs.unlinkSync(file);
    const bytes = Buffer.from(text);
    // By a position, because a write without one would move that of the child.
    if (fs.writeSync(fd, bytes, 0, bytes.length, 0) === bytes.length) return fd;
  } catch {
    // a full or read-only folder: the outbox keeps the reports
  }
  if (fd !== undefined) fs.closeSync(fd);
  return undefined;
}
