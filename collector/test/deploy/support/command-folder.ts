import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CLI } from '../../support/built.js';
import { type AtEnd, temporaryFolder } from '../../support/temporary-folder.js';

/** A folder for PATH with the command `headcount-collector`, as an installation has it. */
export function commandFolder(atEnd?: AtEnd): string {
  const folder = temporaryFolder(atEnd);
  const script = `#!/bin/sh\nexec '${process.execPath}' '${CLI}' "$@"\n`;
  writeFileSync(join(folder, 'headcount-collector'), script, { mode: 0o755 });
  return folder;
}
