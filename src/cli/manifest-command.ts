import { manifestOf } from '../manifest/manifest-of.js';
import { telemetryMarkdown } from '../manifest/telemetry-markdown.js';
import { type Command, type CommandContext, printJson } from './command.js';
import { EXIT_CODES } from './exit-codes.js';

/** The files that `manifest` writes: for the collector, and for people. */
const MANIFEST = 'headcount.manifest.json';
const PAGE = 'TELEMETRY.md';

/**
 * `manifest`: writes the files that describe what is collected, or checks that they are current.
 */
export const manifestCommand: Command = {
  summary: `write ${MANIFEST} and ${PAGE}, which list what is collected`,
  flags: ['--check'],
  run(context) {
    const { terminal, folder, json } = context;
    const personal = context.headcount
      .status()
      .warnings.filter(({ reason }) => reason === 'personal-word');
    if (personal.length > 0) {
      for (const { text } of personal) terminal.err(text);
      terminal.err('Nothing is written. Declare other words, and run the command again.');
      return Promise.resolve(EXIT_CODES.FOUND);
    }
    const files = filesOf(context);
    const changed = Object.entries(files)
      .filter(([name, text]) => !isSame(name, folder.read(name), text))
      .map(([name]) => name);
    const isCheck = context.has('--check');
    for (const name of isCheck ? [] : changed) folder.write(name, files[name] ?? '');
    if (json) {
      printJson(context, { changed, written: !isCheck });
    } else if (changed.length === 0) {
      terminal.out(`${MANIFEST} and ${PAGE} are up to date.`);
    } else if (isCheck) {
      for (const name of changed) {
        const [text, ...more] = difference(folder.read(name), files[name] ?? '');
        terminal.err(`${name} ${text}`, ...more);
      }
      terminal.err('Run the same command without --check, review the changes, and commit them.');
    } else {
      terminal.out(`Written: ${changed.join(' and ')}. Commit the changes, and give`);
      terminal.out(`${MANIFEST} to the collector, which stores only what it lists.`);
    }
    return Promise.resolve(isCheck && changed.length > 0 ? EXIT_CODES.FOUND : EXIT_CODES.DONE);
  },
};

function filesOf({ headcount, name, about }: CommandContext): Readonly<Record<string, string>> {
  const { project = '' } = headcount.status();
  const manifest = manifestOf(project, headcount.events);
  return {
    [MANIFEST]: `${JSON.stringify(manifest, null, 2)}\n`,
    [PAGE]: telemetryMarkdown({ manifest, command: name, facts: about }),
  };
}

/** Compares without layout: a formatter may change the JSON's, and git the ends of lines. */
function isSame(name: string, found: string | undefined, text: string): boolean {
  if (found === undefined) return false;
  if (name === PAGE) return lines(found).join('\n') === lines(text).join('\n');
  try {
    return JSON.stringify(JSON.parse(found)) === JSON.stringify(JSON.parse(text));
  } catch {
    return false; // not JSON, for example after a merge conflict
  }
}

function difference(found: string | undefined, text: string): [string, ...string[]] {
  if (found === undefined) return ['is missing.'];
  const before = lines(found);
  const at = lines(text).findIndex((line, index) => line !== before[index]);
  const [line = ''] = lines(text).slice(at);
  return [`differs from the code, first in line ${at + 1}, which should be:`, `  ${line}`];
}

const lines = (text: string): string[] => text.trimEnd().split(/\r?\n/);
