import { describe, expect, it } from 'vitest';
import { COMMAND_NAMES, flagsOf } from '../support/help-flags.js';
import { type Code, codeLines, codeSpans } from './pages.js';

/** A call of the command in a page, as far as its arguments reach. */
interface Call extends Code {
  readonly command: string;
  readonly flags: readonly string[];
}

const START =
  /^(?:\$ )?(?:\w+=\S+ )*(?:exec |sudo (?:-u \w+ )?)?(?:npx (?:-y )?)?headcount-collector(?= |$)/;

function readCall({ page, text }: Code): Call | undefined {
  if (!START.test(text)) return undefined;
  // What is quoted is a value; what follows a pipe or a comment is not of this call.
  const [own = ''] = text
    .replace(START, '')
    .replaceAll(/'[^']*'|"[^"]*"/g, 'value')
    .split(/ #|\||&|;| > /);
  const words = own.replaceAll(/[[\]]/g, ' ').split(/\s+/).filter(Boolean);
  const [first = 'serve'] = words;
  const flags = words
    .filter((word) => /^--?[a-z]/.test(word))
    .map((word) => word.split('=')[0] ?? '');
  return { page, text, flags, command: first.startsWith('-') ? 'serve' : first };
}

/** Spans such as `clean --project acme-cli`, which leave the program's name out. */
const short = codeSpans()
  .filter(({ text }) => COMMAND_NAMES.some((name) => text.startsWith(`${name} --`)))
  .map(({ page, text }) => ({ page, text: `headcount-collector ${text}` }));

const calls = [...codeLines(), ...codeSpans(), ...short].flatMap((code) => readCall(code) ?? []);

describe('commands in the documents', () => {
  it('are found', () => {
    expect(calls.length).toBeGreaterThan(60);
    expect(new Set(calls.map(({ page }) => page)).size).toBeGreaterThan(12);
    expect(new Set(calls.map(({ command }) => command)).size).toBeGreaterThan(12);
    expect(calls.flatMap(({ flags }) => flags).length).toBeGreaterThan(60);
  });

  it('exist, with their flags', () => {
    const wrong = calls.flatMap(({ page, text, command, flags }) => {
      if (!COMMAND_NAMES.includes(command)) return [`${page}: ${text}: no command ${command}`];
      const known = [...flagsOf(command).map(({ name }) => name), '--help', '--version'];
      return flags
        .filter((flag) => !known.includes(flag))
        .map((flag) => `${page}: ${text}: ${command} has no ${flag}`);
    });
    expect(wrong).toEqual([]);
  });

  it('are not needed to know a flag that stands alone', () => {
    const known = new Set(COMMAND_NAMES.flatMap((name) => flagsOf(name).map((flag) => flag.name)));
    const alone = codeSpans().filter(({ text }) => /^--[a-z]/.test(text));
    // Of Docker, of the benchmark, and of npm.
    const others = ['--build-arg', '--pairs', '--restart', '--init', '--omit', '--check'];
    const wrong = alone.filter(({ text }) => {
      const [flag = ''] = text.split(/[ =]/);
      return !known.has(flag) && !others.includes(flag);
    });
    expect(alone.length).toBeGreaterThan(100);
    expect(wrong).toEqual([]);
  });
});
