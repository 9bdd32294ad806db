import { compareOutputs } from './compare-outputs.js';
import type { Observations } from './observe.js';
import type { LeftProcess } from './processes.js';
import { broken, kept, type Kept } from './promise.js';
import type { Run } from './run-program.js';

/** That nobody can notice a program's telemetry, and that off means off. */
export function runPromises(seen: Observations, delayMs: number): Kept[] {
  return [silent(seen), off(seen), exit(seen, delayMs), leaves(seen)];
}

const NOTICE =
  'A notice belongs into the first run alone. Headcount prints nothing: look for what your program prints about telemetry.';

function silent({ first, on, off, blackHole }: Observations): Kept {
  const ways = [
    ['a collector that accepts', on],
    ['a collector that never answers', blackHole],
  ] as const;
  const notes = new Set<string>();
  const differences: string[] = [];
  for (const [way, runs] of ways) {
    const codes = codeDifference(runs, off);
    if (codes.difference !== undefined) differences.push(`${codes.difference} (${way})`);
    if (codes.note !== undefined) notes.add(codes.note);
    for (const stream of ['stdout', 'stderr'] as const) {
      const { difference, note } = compareOutputs(stream, runs, off);
      if (difference !== undefined) differences.push(`${difference} (${way})`);
      if (note !== undefined) notes.add(note);
    }
  }
  const firstDiffers = (['stdout', 'stderr'] as const).some(
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
  const details = [
    offConnections > 0 ? `connections to the collector: ${offConnections}` : undefined,
    ...offFiles.map((file) => `written: ${file}`),
  ];
  return offConnections === 0 && offFiles.length === 0
    ? kept('off', `no connection and no file with ${variables}`)
    : broken('off', `something was done although a person had set ${variables}`, {
        details,
        advice:
          'Does the program change these variables, or report in a way of its own? Headcount obeys them by itself.',
      });
}

function exit({ on, off, blackHole }: Observations, delayMs: number): Kept {
  const before = median(off);
  // A slow program varies more than a fast one.
  const allowed = delayMs + before / 4;
  const ways = [
    ['a collector that accepts', median(on) - before],
    ['one that never answers', median(blackHole) - before],
  ] as const;
  const texts = ways.map(([way, more]) => `${shown(more)} with ${way}`);
  const asked = off.some(({ wasEnded }) => wasEnded) ? ' after SIGTERM' : '';
  const text = `it ends${asked} after ${Math.round(before)} ms with telemetry off; ${texts.join(', ')}`;
  return ways.every(([, more]) => more <= allowed)
    ? kept('exit', text)
    : broken('exit', text, {
        advice:
          'Do not await flush() or close() at the end of a short program: a process sends what is left. Is exitBudgetMs set? A delay that you accept is named by --delay.',
      });
}

const shown = (ms: number): string => `${ms < 0 ? '−' : '+'}${Math.abs(Math.round(ms))} ms`;

function median(runs: readonly Run[]): number {
  const sorted = runs.map(({ ms }) => ms).toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const [a = 0, b = a] = sorted.slice(Math.ceil(middle) - 1, Math.floor(middle) + 1);
  return (a + b) / 2;
}

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
