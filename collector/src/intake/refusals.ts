import type { FastifyReply } from 'fastify';
import type { Projects } from '../access/projects.js';
import { ProblemError, type ProblemExtensions } from '../errors.js';
import type { RefusalCount } from '../journal/journal-entry.js';
import type { Journal } from '../journal/journal.js';
import { dayOf, DEFAULT_ZONE } from '../rules/day.js';
import type { Rejection } from './check-report.js';

export interface RefusalsParts {
  readonly journal: Pick<Journal, 'append'>;
  readonly projects: Pick<Projects, 'find'>;
  readonly now: () => Date;
}

/** Counts rejected reports. Counts are gathered in memory, so that a flood costs no disk writes. */
export interface Refusals {
  /**
   * @param code - The problem's.
   * @param project - The report's; an unknown one counts for no project.
   */
  add(code: string, project?: unknown): void;
  /** Appends the gathered counts to the journal. If that fails, they are kept for the next time. */
  flush(): Promise<void>;
  close(): Promise<void>;
}

/** How often gathered counts are written, in milliseconds. */
const FLUSH_EVERY_MS = 5000;

/** Creates the count of refusals. */
export function createRefusals({ journal, projects, now }: RefusalsParts): Refusals {
  let gathered = new Map<string, RefusalCount>();
  let lastFlush: Promise<void> = Promise.resolve();

  const gather = ({ n, ...count }: RefusalCount): void => {
    const key = JSON.stringify([count.day, count.project, count.code]);
    gathered.set(key, { ...count, n: (gathered.get(key)?.n ?? 0) + n });
  };
  const write = async (): Promise<void> => {
    if (gathered.size === 0) return;
    const counts = [...gathered.values()];
    gathered = new Map();
    try {
      await journal.append([{ kind: 'refusals', counts }]);
    } catch {
      // The journal's errors are reported elsewhere; the next attempt includes these counts.
      for (const count of counts) gather(count);
    }
  };
  const flush = (): Promise<void> => (lastFlush = lastFlush.then(write));
  const timer = setInterval(() => void flush(), FLUSH_EVERY_MS).unref();

  return {
    add: (code, project) => {
      const isKnown = typeof project === 'string' && projects.find(project) !== undefined;
      const day = dayOf(now().getTime(), DEFAULT_ZONE);
      gather({ day, project: isKnown ? project : null, code, n: 1 });
    },
    flush,
    close: async () => {
      clearInterval(timer);
      await flush();
    },
  };
}

/** All reports of a request were rejected; the intake has counted each by its reason. */
export class RefusedReportsError extends ProblemError {}

/** The error that answers a request without an accepted report. */
export function toProblemError(
  { code, detail }: Rejection,
  extensions: ProblemExtensions,
  reply: FastifyReply,
): RefusedReportsError {
  if (code === 'key_required') reply.header('www-authenticate', 'Bearer realm="project"');
  return new RefusedReportsError(code, detail, extensions);
}
