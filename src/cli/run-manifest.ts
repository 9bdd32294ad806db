import { isRecord } from '../type-guards.js';
import type { TelemetryFacts } from '../manifest/telemetry-markdown.js';
import type { EventDeclarations } from '../report/declared-events.js';
import { EXIT_CODES, type ExitCode } from './exit-codes.js';
import type { MainParts } from './main-parts.js';
import type { Arguments } from './parse-arguments.js';
import type { Printer } from './printer.js';

/** `npx headcount manifest`, for an app's author: for the package in the working folder. */
export async function runManifest(
  { project: named, events: file, json, check }: Arguments,
  { terminal, folder, loadModule, createHeadcount, runCommand }: MainParts,
  printer: Printer,
): Promise<ExitCode> {
  const misused = (text: string): ExitCode => {
    printer.err(...text.split('\n'));
    return EXIT_CODES.USAGE;
  };
  const facts = packageFacts(folder.read('package.json'));
  if (typeof facts === 'string') return misused(facts);
  const project = named ?? facts.project;
  if (project === undefined) {
    return misused('There is no package.json with a name here. Name the program with --project.');
  }
  const module = file ?? facts.events;
  const events = module === undefined ? {} : await eventsOf(module, loadModule);
  if (typeof events === 'string') return misused(events);
  const headcount = createHeadcount({ project, version: facts.version ?? 'unknown', events });
  const flags = [...(check ? ['--check'] : []), ...(json ? ['--json'] : [])];
  return runCommand(headcount, ['manifest', ...flags], {
    name: facts.command ?? `npx headcount --project ${project}`,
    about: facts.about,
    terminal,
  });
}

async function eventsOf(
  file: string,
  loadModule: MainParts['loadModule'],
): Promise<EventDeclarations | string> {
  try {
    const exported = await loadModule(file);
    const events = exported['events'] ?? exported['default'];
    // The cast: createHeadcount() checks each event.
    if (typeof events === 'object' && events !== null) return events as EventDeclarations;
    return `${file} exports no events. Export them as "events" or as the default export.`;
  } catch (error) {
    const isTypeScript = (error as { code?: unknown }).code === 'ERR_UNKNOWN_FILE_EXTENSION';
    const cause = error instanceof Error ? error.message : 'it threw a value that is not an Error';
    const hint = isTypeScript
      ? 'This Node.js cannot run TypeScript. Name the compiled file.'
      : 'Use a module that only declares the events, with defineEvents().';
    return `${file} could not be loaded: ${cause}\n${hint}`;
  }
}

/** The parts of a package.json that `npx headcount manifest` uses. */
export interface PackageFacts {
  readonly project: string | undefined;
  readonly version: string | undefined;
  /** The module that exports the declared events. */
  readonly events: string | undefined;
  /** The command that users type to manage telemetry. */
  readonly command: string | undefined;
  readonly about: TelemetryFacts;
}

const MODES = ['on', 'opt-in', 'local'] as const;

/** Reads a package.json. Returns a text if it contains a mistake. */
function packageFacts(text: string | undefined): PackageFacts | string {
  const json = parse(text ?? '{}');
  if (!json) return 'package.json is not JSON.';
  const own = json['headcount'] === undefined ? {} : json['headcount'];
  if (!isRecord(own)) return 'package.json: headcount must be an object.';
  for (const name of ['endpoint', 'events', 'purpose', 'command']) {
    const value = own[name];
    if (value !== undefined && typeof value !== 'string') return must(name, 'a string', value);
  }
  const { endpoint, events, purpose, command, retentionDays: days, mode } = own;
  if (days !== undefined && !(Number.isInteger(days) && Number(days) >= 1)) {
    return must('retentionDays', 'a whole number from 1', days);
  }
  if (mode !== undefined && !MODES.some((known) => known === mode)) {
    return must('mode', `one of ${MODES.join(', ')}`, mode);
  }
  return {
    project: textOf(json['name']),
    version: textOf(json['version']),
    events: textOf(events),
    command: textOf(command),
    about: {
      ...(typeof purpose === 'string' && { purpose }),
      ...(typeof endpoint === 'string' && { endpoint }),
      ...(typeof days === 'number' && { retentionDays: days }),
      // The cast: checked above.
      ...(mode !== undefined && { mode: mode as (typeof MODES)[number] }),
    },
  };
}

const must = (name: string, expected: string, given: unknown): string =>
  `package.json: headcount.${name} must be ${expected}, and is ${JSON.stringify(given)}.`;

const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

function parse(text: string): Record<string, unknown> | undefined {
  try {
    const json: unknown = JSON.parse(text);
    return isRecord(json) ? json : undefined;
  } catch {
    return undefined;
  }
}
