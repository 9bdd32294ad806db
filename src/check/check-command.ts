import process from 'node:process';
import type { WorkingFolder } from '../cli/command.js';
import { printJson } from '../cli/command.js';
import { EXIT_CODES, type ExitCode } from '../cli/exit-codes.js';
import { paint, type Printer, printerFor } from '../cli/printer.js';
import type { Terminal } from '../cli/terminal.js';
import { isRecord } from '../type-guards.js';
import type { ManifestEvents } from '../wire/manifest.js';
import { CHECK_HELP, checkArguments, type CheckArguments } from './check-arguments.js';
import { hangs, observe, type Observations } from './observe.js';
import type { Kept } from './promise.js';
import { type ReadManifest, reportPromises } from './report-promises.js';
import { CannotRun, ENDS_WITHIN_MS, type Run } from './run-program.js';
import { runPromises } from './run-promises.js';

/** What `npx headcount check` needs. */
export interface CheckParts {
  readonly terminal: Terminal;
  /** The folder in which the command was started. */
  readonly folder: Pick<WorkingFolder, 'read'>;
  /** The file of this command itself. */
  readonly self: string;
}

/**
 * `npx headcount check -- <command>`, for an app's author: runs the app and checks what its telemetry
 * promises to people.
 */
export async function runCheck(args: readonly string[], parts: CheckParts): Promise<ExitCode> {
  const printer = printerFor(parts.terminal);
  const check = checkArguments(args);
  if (check === 'help') {
    printer.out(...CHECK_HELP.split('\n'));
    return EXIT_CODES.DONE;
  }
  if ('mistake' in check) {
    printer.err(check.mistake, '', ...CHECK_HELP.split('\n'));
    return EXIT_CODES.USAGE;
  }
  const project = projectOf(parts.folder.read('package.json'));
  const read = readManifest(check.manifest, parts.folder);
  const stop = new AbortController();
  const interrupt = (): void => stop.abort();
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt);
  try {
    const { signal } = stop;
    const seen = await observe({ check, project, self: parts.self, signal });
    return tell(check, seen, read, printer);
  } catch (error) {
    if (!(error instanceof CannotRun)) throw error;
    printer.err(error.message);
    return EXIT_CODES.FAILED;
  } finally {
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
  }
}

function tell(
  check: CheckArguments,
  seen: Observations,
  read: ReadManifest,
  printer: Printer,
): ExitCode {
  const promises = [...reportPromises(seen, read), ...runPromises(seen, check)];
  const failed = promises.filter(({ ok }) => !ok);
  const neverEnds = hangs(seen.off);
  const passed = failed.length === 0 && !neverEnds;
  const code = passed ? EXIT_CODES.DONE : neverEnds ? EXIT_CODES.FAILED : EXIT_CODES.FOUND;
  if (check.json) {
    const { command } = check;
    const { reports } = seen;
    const runs = runsOf(seen);
    printJson({ terminal: printer }, { passed, command, promises, reports, runs });
    if (neverEnds) printer.err(...adviceForEndless(check));
    return code;
  }
  for (const promise of promises) print(printer, promise);
  const brokenOnes =
    failed.length > 0 ? `Broken: ${failed.map(({ name }) => name).join(', ')}.` : '';
  const verdict = passed ? `All ${promises.length} promises are kept.` : brokenOnes;
  if (verdict !== '') printer.out('', [paint(passed ? 'green' : 'red', verdict)]);
  if (neverEnds) printer.err('', ...adviceForEndless(check));
  return code;
}

/** A program that does not end with telemetry off either. */
function adviceForEndless({ forMs, limitMs }: CheckArguments): string[] {
  const rest = 'so silent, exit and leaves could not be checked.';
  return forMs === undefined
    ? [
        `The program did not end by itself within ${limitMs / 1000} s with telemetry off, ${rest}`,
        'If it is a server, say how long it shall run: --for 5. Or give it longer: --limit 300.',
      ]
    : [
        `The program did not end within ${ENDS_WITHIN_MS / 1000} s after SIGTERM with telemetry off, ${rest}`,
      ];
}

function print(printer: Printer, { name, ok, text, details, advice }: Kept): void {
  const mark = ok ? paint('green', 'ok    ') : paint('red', 'FAILED');
  printer.out([mark, `  ${name.padEnd(8)}  ${text}`]);
  const more = [...details, ...(advice === undefined ? [] : [advice])];
  for (const line of more) printer.out(`${' '.repeat(18)}${line}`);
}

/** The runs, for JSON: what they printed is the author's own. */
function runsOf({ first, on, off, blackHole }: Observations): object[] {
  const told = (telemetry: string, { code, signal, ms, hung }: Run): object => ({
    telemetry,
    code,
    signal,
    hung,
    ms: Math.round(ms),
  });
  return [
    told('first', first),
    ...on.map((run) => told('on', run)),
    ...off.map((run) => told('off', run)),
    ...blackHole.map((run) => told('black-hole', run)),
  ];
}

function projectOf(text: string | undefined): string | undefined {
  const json = parse(text);
  return isRecord(json) && typeof json['name'] === 'string' ? json['name'] : undefined;
}

function readManifest(file: string, folder: CheckParts['folder']): ReadManifest {
  const text = folder.read(file);
  if (text === undefined) return { file, manifest: undefined, fault: undefined };
  const json = parse(text);
  if (!isRecord(json) || !isRecord(json['events']) || typeof json['project'] !== 'string') {
    return { file, manifest: undefined, fault: `${file} is no manifest` };
  }
  // The cast: what is wrong in it allows nothing.
  const events = json['events'] as ManifestEvents;
  return { file, manifest: { project: json['project'], events }, fault: undefined };
}

function parse(text = ''): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // not JSON
  }
}
