import type { EventDeclarations } from '../report/declared-events.js';
import { EXIT_CODES, type ExitCode } from './exit-codes.js';
import type { MainParts } from './main-parts.js';
import { packageFacts } from './package-facts.js';
import type { Arguments } from './parse-arguments.js';

/** `npx headcount manifest`, for an app's author: of the package in the working folder. */
export async function runManifest(
  { project: named, events: file, json, check }: Arguments,
  { terminal, folder, loadModule, createHeadcount, runCommand }: MainParts,
): Promise<ExitCode> {
  const misused = (text: string): ExitCode => {
    terminal.err(text);
    return EXIT_CODES.USAGE;
  };
  const facts = packageFacts(folder.read('package.json'));
  if (typeof facts === 'string') return misused(facts);
  const project = named ?? facts.project;
  if (project === undefined) {
    return misused('There is no package.json with a name here: name the program with --project.');
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
    // The cast: createHeadcount() looks at each of them.
    if (typeof events === 'object' && events !== null) return events as EventDeclarations;
    return `${file} exports no events: export them by the name "events", or as its default.`;
  } catch (error) {
    const isTypeScript = (error as { code?: unknown }).code === 'ERR_UNKNOWN_FILE_EXTENSION';
    const cause = error instanceof Error ? error.message : 'it threw something that is no error';
    const hint = isTypeScript
      ? 'This Node.js runs no TypeScript: name the compiled file.'
      : 'It must be a module that only declares the events, by defineEvents().';
    return `${file} could not be loaded: ${cause}\n${hint}`;
  }
}
