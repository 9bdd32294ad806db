import fs from 'node:fs';
import process from 'node:process';

/** More or higher ones would make starting a process take longer. */
const MAX_DESCRIPTORS = 1_000;
const MAX_DESCRIPTOR = 4_095;

/**
 * The descriptors of this process, which a child might inherit. `undefined` if the system does not
 * list them, or if they are too many. Windows passes on only what a parent names.
 *
 * @param known - one that must be listed: else the list is not complete
 */
export function openDescriptors(known: number): readonly number[] | undefined {
  if (process.platform === 'win32') return [];
  const folder = process.platform === 'linux' ? '/proc/self/fd' : '/dev/fd';
  try {
    const listed = fs.readdirSync(folder).map(Number);
    const isShort = listed.length <= MAX_DESCRIPTORS && Math.max(...listed) <= MAX_DESCRIPTOR;
    return isShort && listed.includes(known) ? listed : undefined;
  } catch {
    return undefined; // no /proc, or not readable for this user
  }
}
