import { execFile } from 'node:child_process';
import { cpSync } from 'node:fs';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { projectVariable } from '../consent/environment.js';
import { OUTBOX } from '../file-names.js';
import { startTestCollector, type TestCollector } from '../testing/test-collector.js';
import { makeTestHome, type TestHome, testVariables } from '../testing/test-home.js';
import type { TestRequest } from '../testing/report-server.js';
import type { Report } from '../wire/report.js';
import type { CheckArguments } from './check-arguments.js';
import { compareTimes, times } from './compare-times.js';
import { filesOfHome, type HomeFiles } from './files-of-home.js';
import { type LeftProcess, processesOf } from './processes.js';
import { CannotRun, type Run, runProgram } from './run-program.js';
import { type Drops, watchDrops } from './watch-drops.js';

/** All that was seen of a program. */
export interface Observations {
  /** With telemetry on, in an empty home. Programs may show a notice then. */
  readonly first: Run;
  /** With telemetry on, later. */
  readonly on: readonly Run[];
  /** With telemetry off. */
  readonly off: readonly Run[];
  /** With telemetry on, and a collector that never answers. */
  readonly blackHole: readonly Run[];
  readonly reports: readonly Report[];
  readonly requests: readonly TestRequest[];
  /** The files that Headcount has written with telemetry on. */
  readonly onFiles: readonly string[];
  /** The variables that turned telemetry off. */
  readonly offVariables: readonly string[];
  readonly offConnections: number;
  /** What is in the home of the runs with telemetry off, and in their folder for temporary files. */
  readonly offFiles: HomeFiles;
  /** What Headcount left out in the program; `undefined` if none of its processes has told. */
  readonly drops: Drops | undefined;
  /** The processes that did not end; `undefined` where the system does not tell. */
  readonly leftOn: readonly LeftProcess[] | undefined;
  readonly leftOff: readonly LeftProcess[] | undefined;
}

/** What the check needs from outside. */
export interface ObserveParts {
  readonly check: CheckArguments;
  /** The project that the package.json here names. */
  readonly project: string | undefined;
  /** This command itself, to save a choice. */
  readonly self: string;
  readonly signal: AbortSignal;
}

const ARRIVES_WITHIN_MS = 15_000;
/** Where times vary so much that they tell nothing yet, so many more runs of each kind are made. */
const MORE_ROUNDS = 9;
const REPEATS_FOR_MS = 120_000;
/** Senders end by themselves within this. */
const SENDERS_END_WITHIN_MS = 15_000;

/** Runs the program in all ways. */
export async function observe(parts: ObserveParts): Promise<Observations> {
  const { check, project, signal } = parts;
  const ends: (() => Promise<void>)[] = [];
  const collector = async (): Promise<TestCollector> => {
    const started = await startTestCollector(project === undefined ? {} : { project });
    ends.push(() => started.close());
    return started;
  };
  const home = (): TestHome => {
    const made = makeTestHome();
    ends.push(() => made.remove());
    return made;
  };
  const run = (
    env: Record<string, string | undefined>,
    { folder: temporary }: TestHome = onTemporary,
  ): Promise<Run> => {
    const { command, forMs, limitMs } = check;
    return runProgram({
      command,
      forMs,
      limitMs,
      signal,
      env: { ...process.env, ...QUIET_NPM, ...temporaryVariables(temporary), ...env },
    });
  };
  const [onTemporary, offTemporary] = [home(), home()];
  try {
    const reporting = await collector();
    const silent = await collector();
    const blackHole = await collector();
    await blackHole.answer('hang');
    if (check.optIn) await optIn(parts.self, reporting.env);
    const first = await run(reporting.env);
    await arrived(reporting);
    const second = home();
    await copyHome(reporting.home, second.folder);
    const project = reporting.reports[0]?.project ?? parts.project;
    const offVariables = ['DO_NOT_TRACK', 'HEADCOUNT_DISABLED'];
    if (project !== undefined) offVariables.push(projectVariable(project));
    const on: Run[] = [];
    const off: Run[] = [];
    const hanging: Run[] = [];
    const homes: TestHome[] = [];
    const ways = [
      async () => {
        const variable = offVariables[off.length % offVariables.length] ?? 'DO_NOT_TRACK';
        off.push(await run({ ...silent.env, [variable]: '1' }, offTemporary));
      },
      async () => {
        if (!hangs([first, ...on])) on.push(await run(reporting.env));
      },
      async () => {
        if (hangs(hanging)) return;
        const copied = home();
        homes.push(copied);
        await copyHome(second.folder, copied.folder); // anew: nothing has failed there
        const { endpoint } = blackHole;
        hanging.push(await run(testVariables({ home: copied.folder, endpoint, project })));
      },
    ];
    const isDoubtful = (): boolean =>
      !hangs([first, ...on, ...hanging]) &&
      [on, hanging].some((runs) => !compareTimes(times(off), times(runs), check.delayMs).isClear);
    let repeatsEndMs = Infinity;
    for (let round = 0; !hangs(off); round += 1) {
      if (round === check.runs) repeatsEndMs = performance.now() + REPEATS_FOR_MS;
      const isEnough =
        round === check.runs + MORE_ROUNDS || performance.now() > repeatsEndMs || !isDoubtful();
      if (round >= check.runs && isEnough) break;
      // What one run leaves working must not always meet the same other.
      for (const way of round % 2 === 0 ? ways : ways.toReversed()) {
        if (!hangs(off)) await way();
      }
    }
    const watching = await collector();
    let drops: Drops | undefined;
    if (!hangs([first, ...on])) {
      await copyHome(second.folder, watching.home);
      const watch = watchDrops(home().folder, process.env['NODE_OPTIONS']);
      await run({ ...watching.env, ...watch.env });
      drops = watch.read();
    }
    await blackHole.answer('refuse');
    const leftOff = await left([silent.home]);
    const leftOn = await left([
      reporting.home,
      watching.home,
      ...homes.map(({ folder }) => folder),
    ]);
    // Where the system does not tell of processes, a sender may be working still.
    await sleep(leftOn ? 300 : 3_000);
    return {
      first,
      on,
      off,
      blackHole: hanging,
      reports: [...reporting.reports],
      requests: [...reporting.requests],
      onFiles: reporting.files(),
      offVariables: offVariables.slice(0, off.length),
      offConnections: silent.connections,
      offFiles: filesOfHome(silent.home, offTemporary.folder),
      drops,
      leftOn,
      leftOff,
    };
  } finally {
    for (const end of ends.reverse()) await end();
  }
}

/** Whether one of these runs hung. */
export const hangs = (runs: readonly Run[]): boolean => runs.some(({ hung }) => hung);

/** A folder of the check's own for temporary files, by the names that systems have for it. */
const temporaryVariables = (folder: string): Record<string, string> => ({
  TMPDIR: folder,
  TMP: folder,
  TEMP: folder,
});

/** npm looks for a newer npm now and then, and prints that there is one. */
const QUIET_NPM = { npm_config_update_notifier: 'false', NO_UPDATE_NOTIFIER: '1' };

/** Waits for a report as long as something could still send one, and until what sends has ended. */
async function arrived({ reports, home }: TestCollector): Promise<void> {
  for (let ms = 0; ms < ARRIVES_WITHIN_MS; ms += 100) {
    const processes = await processesOf(home);
    // What has been sent may not have been read yet.
    if (processes?.length === 0) return sleep(300);
    if (!processes && reports.length > 0) return sleep(2_000);
    await sleep(100);
  }
}

/** Copies the notice and the choice, without reports, which would be sent once more. */
async function copyHome(from: string, to: string): Promise<void> {
  const filter = (file: string): boolean => path.basename(file) !== OUTBOX;
  for (let tries = 1; ; tries += 1) {
    try {
      return cpSync(from, to, { recursive: true, filter });
    } catch (error) {
      // A program may still write or remove files there.
      if (tries === 5) throw new CannotRun(`The home could not be copied: ${String(error)}`);
      await sleep(200);
    }
  }
}

/** Waits until no process of these homes is there. Ends those that stay. */
async function left(homes: readonly string[]): Promise<LeftProcess[] | undefined> {
  let found: LeftProcess[] = [];
  for (let ms = 0; ms <= SENDERS_END_WITHIN_MS; ms += 200) {
    found = [];
    for (const folder of homes) {
      const processes = await processesOf(folder);
      if (!processes) return undefined;
      found.push(...processes);
    }
    if (found.length === 0) return [];
    await sleep(200);
  }
  for (const { pid } of found) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      continue; // it has ended meanwhile
    }
  }
  return found;
}

/** Saves the yes of the person whose home it is. */
const optIn = (self: string, env: Record<string, string | undefined>): Promise<void> =>
  new Promise((resolve, reject) => {
    execFile(process.execPath, [self, 'on'], { env: { ...process.env, ...env } }, (error) => {
      if (error) reject(new CannotRun(`The choice could not be saved: ${error.message}.`));
      else resolve();
    });
  });
