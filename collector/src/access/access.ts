import type { FastifyRequest } from 'fastify';
import { ProblemError } from '../errors.js';
import type { Visibility } from '../rules/visibility.js';
import { type Caller, levelFor } from './caller.js';
import { atLeast, type Level } from './level.js';
import type { Projects } from './projects.js';
import { isPublic } from './public-part.js';

/** What a caller sees of the answers to a question. */
export interface View {
  /** The caller's level for the project asked about. */
  readonly level: Level;
  /** What the public sees of it; `detailed` for a caller with a token, who sees more. */
  readonly visibility: Visibility;
  /** The projects that a question about all of them is answered from; `null` is every one. */
  readonly among: readonly string[] | null;
  /** Whether the caller may learn that something has changed in any project. */
  readonly seesAll: boolean;
}

/** A question, as far as the right to ask it goes. */
export interface Askable {
  readonly path: string;
  /** The level that asks it whatever the project's visibility is. */
  readonly level: Level;
}

/** Decides who sees what. */
export interface Access {
  /**
   * The caller whose token a request carries, or whose session where it carries none.
   *
   * @throws `ProblemError` `bad_token` for a token that is not valid.
   */
  callerOf(request: FastifyRequest): Caller;
  /** Whether the caller's token is still valid, with the same level and project. */
  isCurrent(caller: Caller): boolean;
  /**
   * What a caller sees of a question about one project or, for `null`, all of them.
   *
   * @returns `undefined` if nothing: the same for a hidden project and for one that does not exist.
   */
  view(caller: Caller, project: string | null, question: Askable): View | undefined;
}

/** Like {@link Access.view}. @throws `ProblemError` `token_required`, `wrong_level` or `bad_token` */
export function openView(
  access: Access,
  request: FastifyRequest,
  project: string | null,
  question: Askable,
): View {
  const caller = access.callerOf(request);
  const view = access.view(caller, project, question);
  if (view === undefined) throw refusal(caller, question.level, project);
  return view;
}

/** Why a caller is refused. Nothing in it depends on the project but its being named. */
export function refusal(caller: Caller, level: Level, project: string | null): ProblemError {
  const scope = project === null ? 'for all projects' : 'for the project';
  const needed = `a token of the level ${level} or above, ${scope}, as Authorization: Bearer`;
  return caller.id === null
    ? new ProblemError('token_required', `Send ${needed}.`, { level })
    : new ProblemError('wrong_level', `The token does not open this. Send ${needed}.`, { level });
}

/** Whether two views give the same answers. A cache of answers needs this in its key. */
export const viewKey = ({ level, visibility, among, seesAll }: View): string =>
  JSON.stringify([level, visibility, seesAll, among]);

/** What the rules of {@link Access.view} need. */
type Shown = Pick<Projects, 'visibilityOf' | 'shown'>;

/** See {@link Access.view}. */
export function viewOf(
  projects: Shown,
  caller: Caller,
  project: string | null,
  { path, level: needed }: Askable,
): View | undefined {
  const level = levelFor(caller, project);
  if (atLeast(level, needed) && level !== 'public') {
    const seesAll = caller.project === null;
    return { level, visibility: 'detailed', among: null, seesAll };
  }
  if (project !== null) {
    const visibility = projects.visibilityOf(project);
    if (!isPublic(path, visibility)) return undefined;
    return { level: 'public', visibility, among: null, seesAll: false };
  }
  // Over all projects the public sees totals only: differences between sums would show a project's
  // distribution that its own answer hides.
  if (!isPublic(path, 'summary')) return undefined;
  const among = projects.shown();
  if (among === undefined) return undefined;
  return { level: 'public', visibility: 'summary', among, seesAll: false };
}
