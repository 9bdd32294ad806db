import {
  addFigures,
  figuresOfUser,
  kindOfCleaning,
  NOTHING_CLEANED,
  selectsUser,
} from '../../../rules/cleaning.js';
import type { CleaningPage, CleaningPageQuestion } from '../../questions.js';
import { findReportFigures } from '../cleaning/cleaned-counts.js';
import { findValueId, nameUsers, readUserPage } from '../cleaning/user-pages.js';
import { type Connection, fromUuid, toUuid } from '../connection.js';
import { readResolve } from './find-user.js';

/** Users that one answer looks at. */
const PAGE_USERS = 2000;

/** What a cleaning would take of a bounded part of a project. */
export async function findCleaningPage(
  connection: Connection,
  { selection, after }: CleaningPageQuestion,
): Promise<CleaningPage> {
  const found = await connection.get<{ id: number }>('SELECT id FROM projects WHERE slug = $1', [
    selection.project,
  ]);
  if (found === undefined) return { figures: NOTHING_CLEANED, next: null, users: 0 };
  const projectId = found.id;
  if (kindOfCleaning(selection) === 'reports') {
    const figures = await findReportFigures(connection, projectId, selection);
    return { figures, next: null, users: 0 };
  }
  const resolve = await readResolve(connection, selection.project);
  const question = { projectId, selection, after: after && toUuid(after), limit: PAGE_USERS };
  const { users, end } = await readUserPage(connection, question, resolve);
  const value = selection.where
    ? await findValueId(connection, projectId, selection.where)
    : undefined;
  const selected = users
    .map(({ state }) => state)
    .filter((state) => selectsUser(selection, state, value));
  const figures = (await nameUsers(connection, projectId, selected)).map(figuresOfUser);
  return {
    figures: addFigures(figures),
    next: end === undefined ? null : fromUuid(end),
    users: PAGE_USERS,
  };
}
