import type { CheckArguments } from './check-arguments.js';
import { compareOutputs } from './compare-outputs.js';
import { compareTimes, median, times } from './compare-times.js';
import { hangs, type Observations } from './observe.js';
import type { LeftProcess } from './processes.js';
import { broken, kept, type Kept } from './promise.js';
import { ENDS_WITHIN_MS, type Run } from './run-program.js';

/** That nobody can notice a program's telemetry, and that off means off. */
export function runPromises(seen: Observations, check: CheckArguments): Kept[] {
  // Of a program that does not end with telemetry off, there is nothing to compare with.
  if (hangs(seen.off)) return [off(seen)];
  return [silent(seen), off(seen), exit(seen, check), leaves(seen)];
}

const NOTICE =
  'A notice belongs into the first run alone. Headcount prints nothing: look for what your program prints about telemetry.';

function silent({ first, on, off, blackHole }: Observations): Kept {
  const ways = [
    [ACCEPTS, on],
    [NEVER_ANSWERS, blackHole],
  ] as const;
  const notes = new Set<string>();
  const differences: string[] = [];
  for (const [way, all] of ways) {
    const runs = all.filter(({ hung }) => !hung);
    if (hangs(all)) notes.add(`what it prints where it hangs was not compared (${way})`);
    if (runs.length === 0) continue;
    const codes = codeDifference(runs, off);
    if (codes.difference !== undefined) differences.push(`${codes.difference} (${way})`);
    if (codes.note !== undefined) notes.add(codes.note);
    for (const stream of ['stdout', 'stderr'] as const) {
      const { difference, note } = compareOutputs(stream, runs, off);
      if (difference !== undefined) differences.push(`${difference} (${way})`);
      if (note !== undefined) notes.add(note);
    }
  }
  const firstDiffers =
    !first.hung &&
    (['stdout', 'stderr'] as const).some(
      (stream) => compareOutputs(stream, [first], off).difference !== undefined,
    );
  if (differences.length > 0) {
    return broken('silent', 'the program differs with telemetry on', {
      details: [...differences, ...notes],
      advice: NOTICE,
    });
  }
  if (firstDiffers)
    notes.add('the first run printed something else, as a program with a notice does');
  return kept('silent', 'stdout, stderr and exit code are the same with telemetry on and off', {
    details: [...notes],
  });
}

const endOf = ({ code, signal }: Run): string => signal ?? String(code);

function codeDifference(
  on: readonly Run[],
  off: readonly Run[],
): { difference: string | undefined; note: string | undefined } {
  const onCodes = [...new Set(on.map(endOf))];
  const offCodes = [...new Set(off.map(endOf))];
  const note =
    offCodes.length > 1
      ? `the exit code varies with telemetry off too (${offCodes.join(', ')})`
      : undefined;
  const strange = onCodes.filter((code) => !offCodes.includes(code));
  const difference =
    strange.length > 0
      ? `the exit code is ${strange.join(', ')} with telemetry on, and ${offCodes.join(', ')} with it off`
      : undefined;
  return { difference, note };
}

function off({ offConnections, offFiles, offVariables }: Observations): Kept {
  const variables = offVariables.join(', ');
  const { telling, others } = offFiles;
  const details = [
    offConnections > 0 ? `connections to the collector: ${offConnections}` : undefined,
    ...telling.slice(0, MAX_FILES).map((file) => `written: ${file}`),
    telling.length > MAX_FILES ? `and ${telling.length - MAX_FILES} more` : undefined,
    others.length > 0
      ? `it wrote other files, and whether they are for telemetry was not looked at: ${listed(others)}`
      : undefined,
  ];
  return offConnections === 0 && telling.length === 0
    ? kept('off', `${NOTHING_SEEN} with ${variables}`, {
        details: [...details, NOT_LOOKED_AT],
      })
    : broken('off', `something was done although a person had set ${variables}`, {
        details,
        advice:
          'Does the program change these variables, or report or keep an ID in a way of its own? Headcount obeys them by itself.',
      });
}

const NOTHING_SEEN =
  'nothing connected to the collector, and no file of telemetry came into the home or the folder for temporary files,';
const NOT_LOOKED_AT =
  'connections to other addresses, and files in other folders, were not looked at';

/** Lists of files are cut here. */
const MAX_FILES = 5;

const listed = (files: readonly string[]): string =>
  files.slice(0, MAX_FILES).join(', ') +
  (files.length > MAX_FILES ? ` and ${files.length - MAX_FILES} more` : '');

const REQUESTS_END =
  'Give every request of your program a deadline (signal: AbortSignal.timeout(1000)).';
const DOES_NOT_WAIT =
  'Do not await flush() or close() at the end of a short program: a process sends what is left.';
const MAY_WAIT = 'Is exitBudgetMs set? A delay that you accept is named by --delay.';

/** The ways in which a program runs with telemetry on, as people read them. */
const ACCEPTS = 'a collector that accepts';
const NEVER_ANSWERS = 'a collector that never answers';

function exit(seen: Observations, check: CheckArguments): Kept {
  const { first, on, off, blackHole } = seen;
  const asked = check.forMs === undefined ? '' : ' after SIGTERM';
  const without = `after ${Math.round(median(times(off)))} ms with telemetry off`;
  const hung = [hungText([first, ...on], ACCEPTS), hungText(blackHole, NEVER_ANSWERS)].filter(
    (text) => text !== undefined,
  );
  if (hung.length > 0) {
    const seconds = (check.forMs === undefined ? check.limitMs : ENDS_WITHIN_MS) / 1000;
    return broken('exit', `it hangs with ${hung.join(' and with ')}`, {
      details: [`it had not ended${asked} within ${seconds} s; it ends ${without}`],
      advice: REQUESTS_END,
    });
  }
  const ways = [
    [ACCEPTS, compareTimes(times(off), times(on), check.delayMs)],
    ['one that never answers', compareTimes(times(off), times(blackHole), check.delayMs)],
  ] as const;
  const later = ways.map(([way, { laterMs }]) => `${shown(laterMs)} with ${way}`);
  const text = `it ends${asked} ${without}; ${later.join(', ')}`;
  const [, { variesMs, pairs }] = ways[0];
  const details = [
    variesMs > check.delayMs / 2
      ? `with telemetry off alone it varies by ${Math.round(variesMs)} ms; ${pairs} runs of each kind were compared`
      : undefined,
  ];
  if (ways.every(([, { isLate }]) => !isLate)) return kept('exit', text, { details });
  const advice = `${asked === '' ? DOES_NOT_WAIT : SERVER_DOES_NOT_WAIT} ${MAY_WAIT}`;
  return broken('exit', text, { details, advice });
}

const SERVER_DOES_NOT_WAIT = 'What does it await after SIGTERM? close({ timeoutMs }) ends sooner.';

/** Names the way if the program hung in it. */
function hungText(runs: readonly Run[], way: string): string | undefined {
  const hung = runs.filter((run) => run.hung).length;
  return hung === 0 ? undefined : `${way} (${hung} of ${runs.length} runs)`;
}

const shown = (ms: number): string => `${ms < 0 ? '−' : '+'}${Math.abs(Math.round(ms))} ms`;

function leaves({ first, on, off, blackHole, leftOn, leftOff }: Observations): Kept {
  const holds = (runs: readonly Run[]): boolean => runs.some(({ holdsOutput }) => holdsOutput);
  const heldOff = holds(off);
  const held = holds([first, ...on, ...blackHole]) && !heldOff;
  const strange = (leftOff ?? []).length > 0;
  const left = strange ? [] : (leftOn ?? []);
  if (!held && left.length === 0) {
    return kept('leaves', 'no process is left behind, and nothing holds the output open', {
      details: [
        leftOn === undefined
          ? 'this system does not tell of processes; only the output was looked at'
          : undefined,
        heldOff ? 'the output stays open with telemetry off too' : undefined,
        strange ? `processes are left with telemetry off too: ${names(leftOff ?? [])}` : undefined,
      ],
    });
  }
  return broken('leaves', 'something outlives the program', {
    details: [
      held ? 'its output was still open two seconds after its end' : undefined,
      left.length > 0 ? `still there after 15 s, and ended now: ${names(left)}` : undefined,
    ],
    advice:
      'Headcount’s own sender ends within seconds. What does your program start when it reports?',
  });
}

const names = (left: readonly LeftProcess[]): string =>
  left.map(({ pid, command }) => `${pid} (${command.slice(0, 80)})`).join(', ');
