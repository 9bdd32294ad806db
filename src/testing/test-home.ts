import { mkdtempSync, readdirSync, realpathSync, rmSync, type Dirent } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { TEST_COLLECTOR } from '../consent/test-runners.js';
import { projectVariable } from '../consent/environment.js';

/** A home folder of a test's own. */
export interface TestHome {
  readonly folder: string;
  /** The files of Headcount in it. */
  files(): string[];
  remove(): Promise<void>;
}

/** The folders of a home in which Headcount keeps its files, on every system. */
const PLACES = [
  ['.config'],
  ['.local', 'share'],
  ['Library', 'Preferences'],
  ['Library', 'Application Support'],
  ['AppData', 'Roaming'],
  ['AppData', 'Local'],
];

/** What tests that failed before their `close()` have left. */
const homes = new Set<string>();

function removeHomes(): void {
  for (const folder of homes) {
    try {
      rmSync(folder, { recursive: true, force: true });
    } catch {
      // Somebody still writes there. It is in the system's folder for temporary files.
    }
  }
}

/** Makes a {@link TestHome}, which nobody else may read. It is deleted at the end of this process at the latest. */
export function makeTestHome(): TestHome {
  const folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'headcount-test-home-')));
  if (homes.size === 0) process.once('exit', removeHomes);
  homes.add(folder);
  return {
    folder,
    files: () =>
      PLACES.flatMap((place) => {
        const base = path.join(folder, ...place);
        return list(base)
          .filter(({ name }) => name.startsWith('headcount'))
          .flatMap((entry) => filesUnder(base, entry));
      }),
    // A sender that outlives its program may write there still.
    async remove() {
      await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
      homes.delete(folder);
      if (homes.size === 0) process.off('exit', removeHomes);
    },
  };
}

function list(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return []; // there is none, or it is gone meanwhile
  }
}

function filesUnder(folder: string, entry: Dirent): string[] {
  const file = path.join(folder, entry.name);
  return entry.isDirectory() ? list(file).flatMap((each) => filesUnder(file, each)) : [file];
}

/** What makes a program live in a home and report to a collector of a test. */
export interface TestEnvironment {
  readonly home: string;
  readonly endpoint: string;
  /** The project, whose own variable is taken away too. */
  readonly project?: string | undefined;
}

/**
 * Variables for a program, in addition to those that it has. `undefined` takes a variable away, as
 * `spawn()` reads it.
 */
export function testVariables({
  home,
  endpoint,
  project,
}: TestEnvironment): Record<string, string | undefined> {
  return {
    HOME: home,
    USERPROFILE: home,
    APPDATA: path.join(home, 'AppData', 'Roaming'),
    LOCALAPPDATA: path.join(home, 'AppData', 'Local'),
    XDG_CONFIG_HOME: path.join(home, '.config'),
    XDG_DATA_HOME: path.join(home, '.local', 'share'),
    [TEST_COLLECTOR]: endpoint,
    HEADCOUNT_ENDPOINT: endpoint, // for clients in other languages
    HEADCOUNT_EXIT_UPLOAD_INTERVAL_MS: '0', // each run sends, not one in ten minutes
    HEADCOUNT_ANONYMOUS_ID: undefined,
    HEADCOUNT_CHILD: undefined,
    HEADCOUNT_DISABLED: undefined,
    DO_NOT_TRACK: undefined,
    ...(project !== undefined && { [projectVariable(project)]: undefined }),
  };
}
