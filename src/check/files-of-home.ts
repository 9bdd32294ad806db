import { readdirSync } from 'node:fs';
import path from 'node:path';

/** The files that a program has in a home, by their paths from there; after `$TMPDIR`, in the other folder. */
export interface HomeFiles {
  /** Those whose path speaks of telemetry. */
  readonly telling: readonly string[];
  /** All others. What they are for cannot be known. */
  readonly others: readonly string[];
}

/** Words for telemetry and its IDs, in a folder's or a file's name. */
const TELLING =
  /telemetry|analytics|usage[-_. ]?(stat|data|report)|(anonymous|anon|client|device|distinct|installation|install|machine|tracking|visitor)[-_. ]?u?u?id(?![a-z])|headcount/i;
/** The package managers that start a program keep their own files there. */
const OF_RUNNERS = new Set(['.npm', '.pnpm-state', '.yarn', '.yarnrc', '.bun', '.corepack']);

/** Looks at the files that a program has in a home, and in a folder for temporary files. */
export function filesOfHome(home: string, temporary?: string): HomeFiles {
  const inHome = filesUnder(home)
    .map((file) => path.relative(home, file))
    .filter((file) => !OF_RUNNERS.has(file.split(path.sep)[0] ?? ''));
  const inTemporary = temporary === undefined ? [] : filesUnder(temporary);
  const files = [
    ...inHome,
    ...inTemporary.map((file) => path.join('$TMPDIR', path.relative(temporary ?? '', file))),
  ];
  return {
    telling: files.filter((file) => TELLING.test(file)),
    others: files.filter((file) => !TELLING.test(file)),
  };
}

function filesUnder(folder: string): string[] {
  let entries;
  try {
    entries = readdirSync(folder, { withFileTypes: true });
  } catch {
    return []; // it is gone meanwhile, or closed to its own user
  }
  return entries.flatMap((entry) => {
    const file = path.join(folder, entry.name);
    return entry.isDirectory() ? filesUnder(file) : [file];
  });
}
