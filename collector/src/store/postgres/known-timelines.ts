import { readFileSync } from 'node:fs';
import { Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { hasCode } from '../../has-code.js';
import { OldPrimaryError } from '../../store-down-error.js';
import { writeDurably } from '../../write-durably.js';
import type { Timeline } from './server-role.js';

const fileSchema = Compile(
  Type.Object({
    version: Type.Literal(1),
    timelines: Type.Record(Type.String(), Type.Integer()),
  }),
);

/** The last timeline of each system that a collector has seen a primary of. */
type KnownTimelines = Readonly<Record<string, number>>;

function readTimelines(path: string): KnownTimelines {
  try {
    const file: unknown = JSON.parse(readFileSync(path, 'utf8'));
    return fileSchema.Check(file) ? file.timelines : {};
  } catch (error) {
    if (error instanceof SyntaxError || hasCode(error, 'ENOENT')) return {};
    throw error;
  }
}

/**
 * Refuses a primary whose standby was promoted in its place: what others have counted since is not in it.
 *
 * @param path - Where the last timelines are kept; `undefined` if nothing is known of them.
 * @param server - Its name for people.
 * @throws `OldPrimaryError`
 */
export function refuseOld(
  path: string | undefined,
  timeline: Timeline | undefined,
  server: string,
): void {
  if (path === undefined || timeline === undefined) return;
  const last = readTimelines(path)[timeline.system] ?? 0;
  if (timeline.number >= last) return;
  throw new OldPrimaryError(
    `The store cannot be used: ${server} is an old primary that has come back. It is at timeline ` +
      `${timeline.number}, and a standby of it was promoted to ${last}. End it, or make it a standby ` +
      `with pg_rewind. Only if the newer one is given up for good: delete ${path}.`,
  );
}

/** Keeps the timeline of a primary, so that an older one is refused from now on. */
export async function noteTimeline(
  path: string | undefined,
  timeline: Timeline | undefined,
): Promise<void> {
  if (path === undefined || timeline === undefined) return;
  const known = readTimelines(path);
  const { system, number } = timeline;
  if (number <= (known[system] ?? 0)) return;
  const timelines = { ...known, [system]: number };
  await writeDurably(path, `${JSON.stringify({ version: 1, timelines })}\n`);
}
