import type { EndedVersions } from '../../rules/ended-versions.js';
import { type Form, FormError } from './form-error.js';

/** Writes ranges by their names, one a line: `node: <18`. */
export const writeRanges = (ranges: Readonly<Record<string, string>> = {}): string =>
  Object.entries(ranges)
    .map(([name, range]) => `${name}: ${range}`)
    .join('\n');

/** The versions that have ended, as a form has them. @throws {@link FormError} for another line. */
export function readEnded(form: Form): EndedVersions {
  const version = form['ended']?.trim() ?? '';
  const runtimes = readRanges(form, 'ended_runtimes');
  const systems = readRanges(form, 'ended_systems');
  return {
    ...(version !== '' && { version }),
    ...(runtimes !== undefined && { runtime_version: runtimes }),
    ...(systems !== undefined && { os_version: systems }),
  };
}

function readRanges(form: Form, field: string): Record<string, string> | undefined {
  const lines = (form[field] ?? '')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  if (lines.length === 0) return undefined;
  return Object.fromEntries(
    lines.map((line) => {
      // No range has a colon; a name may.
      const at = line.lastIndexOf(':');
      const pair = [line.slice(0, at).trim(), line.slice(at + 1).trim()] as const;
      if (at > 0 && pair.every((part) => part !== '')) return pair;
      throw new FormError(field, 'bad_line', `${line} is not a name, a colon and a range.`);
    }),
  );
}
