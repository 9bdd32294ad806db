import type { Run } from './run-program.js';

/** What a comparison of outputs has found. */
export interface Compared {
  /** What differs with telemetry on; `undefined` if nothing does. */
  readonly difference: string | undefined;
  /** What varies with telemetry off too, so that it was compared less strictly. */
  readonly note: string | undefined;
}

type Stream = 'stdout' | 'stderr';

/** A program's text, without the name of its home, which is another one in each run. */
const exact = (text: string): string => text.replaceAll(/headcount-test-home-\w+/g, '<home>');
/** Without what differs in each run of many programs, such as times and process IDs. */
const masked = (text: string): string => exact(text).replaceAll(/\d+/g, '0');
const linesOf = (text: string): string[] => text.split(/\r?\n/);

/**
 * Compares what a program prints with telemetry on and off. What varies from run to run with telemetry
 * off is no difference: then only lines count that are in every run of one kind and in none of the
 * other.
 */
export function compareOutputs(stream: Stream, on: readonly Run[], off: readonly Run[]): Compared {
  const same = (texts: readonly string[]): boolean => new Set(texts).size <= 1;
  const of = (runs: readonly Run[], as: (text: string) => string): string[] =>
    runs.map((run) => as(run[stream]));
  const found = (difference: string | undefined, note?: string): Compared => ({ difference, note });

  const offExact = of(off, exact);
  const onExact = of(on, exact);
  if (same([...offExact, ...onExact])) return found(undefined);
  const offMasked = of(off, masked);
  const onMasked = of(on, masked);
  const numbersVary = `the numbers in ${stream} vary from run to run and were not compared${linesThatVary([...onExact, ...offExact])}`;
  if (same([...offMasked, ...onMasked])) {
    return same(offExact) && same(onExact)
      ? found(firstDifference(stream, onExact[0] ?? '', offExact[0] ?? ''))
      : found(undefined, numbersVary);
  }
  if (same(offMasked)) {
    const at = onMasked.findIndex((text) => text !== offMasked[0]);
    return found(
      firstDifference(stream, onExact[at] ?? '', offExact[0] ?? ''),
      same(offExact) ? undefined : numbersVary,
    );
  }
  const varies = `${stream} varies from run to run with telemetry off too, so only lines that are in every run were compared${linesThatVary([...onMasked, ...offMasked], onExact[0])}`;
  const added = linesOnlyIn(onMasked, offMasked);
  const missing = linesOnlyIn(offMasked, onMasked);
  if (added !== undefined) {
    return found(`${stream} has a line in every run with telemetry on: ${quote(added)}`, varies);
  }
  if (missing !== undefined) {
    return found(
      `${stream} lacks a line in every run with telemetry on: ${quote(missing)}`,
      varies,
    );
  }
  return found(undefined, varies);
}

/** How many lines are shown that could not be compared. */
const MAX_LINES = 3;

/** Names the lines of the first run that others do not have: what is wrong in them cannot be seen. */
function linesThatVary([first = '', ...others]: readonly string[], shown = first): string {
  const texts = linesOf(shown);
  const sets = others.map((text) => new Set(linesOf(text)));
  const lines = linesOf(first).flatMap((line, at) =>
    sets.every((set) => set.has(line)) ? [] : [texts[at] ?? line],
  );
  if (lines.length === 0) return '';
  const more = lines.length > MAX_LINES ? ` and ${lines.length - MAX_LINES} more` : '';
  return `; not compared: ${lines.slice(0, MAX_LINES).map(quote).join(', ')}${more}`;
}

function linesOnlyIn(these: readonly string[], those: readonly string[]): string | undefined {
  const [first = [], ...more] = these.map(linesOf);
  const others = those.map(linesOf);
  return first.find(
    (line) =>
      line.trim() !== '' &&
      more.every((lines) => lines.includes(line)) &&
      !others.some((lines) => lines.includes(line)),
  );
}

function firstDifference(stream: Stream, on: string, off: string): string {
  const [onLines, offLines] = [linesOf(on), linesOf(off)];
  const at = onLines.findIndex((line, index) => line !== offLines[index]);
  const index = at === -1 ? onLines.length : at;
  const text = (line: string | undefined): string => (line === undefined ? 'nothing' : quote(line));
  return `${stream} differs in line ${index + 1}: on ${text(onLines[index])}, off ${text(offLines[index])}`;
}

const MAX_QUOTED = 120;
const quote = (line: string): string =>
  JSON.stringify(line.length > MAX_QUOTED ? `${line.slice(0, MAX_QUOTED)}…` : line);
