import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/**
 * A descriptor whose content is this text. The copy has its name only between these lines, in a
 * folder that only its owner may enter.
 */
export function temporaryCopy(text: string): number {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'headcount-'));
  try {
    const copy = path.join(folder, 'sender.cjs');
    fs.writeFileSync(copy, text, { mode: 0o600, flag: 'wx' });
    return fs.openSync(copy, 'r');
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}
