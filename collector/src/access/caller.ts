import type { Level } from './level.js';

/** The sender of a request, by its token. */
export interface Caller {
  /** The ID of the token; `null` without a token. */
  readonly id: string | null;
  /** The name of the token, for people. */
  readonly name: string;
  readonly level: Level;
  /** The one project that the token opens; `null` is all of them. */
  readonly project: string | null;
  /** The hash of the token, by which a token is told from one that has replaced it. */
  readonly secret?: string;
  /** The ID of the session that stands for the token; `undefined` for the token itself. */
  readonly session?: string;
}

/** A sender without a token. */
export const PUBLIC: Caller = { id: null, name: 'public', level: 'public', project: null };

/** The level of a caller for a project; for `null`, all of them. A token opens no other project. */
export function levelFor(caller: Caller, project: string | null): Level {
  return caller.project === null || caller.project === project ? caller.level : 'public';
}
