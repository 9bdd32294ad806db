import {
  addFigures,
  figuresOfUser,
  kindOfCleaning,
  NOTHING_CLEANED,
  selectsUser,
} from '../../../rules/cleaning.js';
import type { Database } from '../../../sqlite/database.js';
import type { CleaningPage, CleaningPageQuestion } from '../../questions.js';
import { prepareReportFigures } from '../cleaning/cleaned-counts.js';
import { createGivenUpTable } from '../given-up-table.js';
import { prepareUserPages, prepareValueId, prepareValueNames } from '../cleaning/user-pages.js';

/** Users that one answer looks at: other questions wait meanwhile. */
const PAGE_USERS = 2000;

const FIRST_UID = Buffer.alloc(0);

/** Prepares the question what a cleaning would take. */
export function prepareCleaningPage(
  db: Database,
): (question: CleaningPageQuestion) => CleaningPage {
  const project = db.prepare<{ id: number }>('SELECT id FROM projects WHERE slug = ?');
  const givenUp = createGivenUpTable(db);
  const pageOf = prepareUserPages(db, () => {
    // The writer changes the table, so what was read before may be old.
    givenUp.forget();
    return givenUp.resolve;
  });
  const reportFigures = prepareReportFigures(db);
  const valueId = prepareValueId(db);
  const withNames = prepareValueNames(db);
  return ({ selection, after }) => {
    const projectId = project.get([selection.project])?.id;
    if (projectId === undefined) return { figures: NOTHING_CLEANED, next: null, users: 0 };
    if (kindOfCleaning(selection) === 'reports') {
      return { figures: reportFigures(projectId, selection), next: null, users: 0 };
    }
    const { users, end } = pageOf(projectId, selection, after ?? FIRST_UID, PAGE_USERS);
    const value = selection.where ? valueId(projectId, selection.where) : undefined;
    const figures = users
      .filter(({ state }) => selectsUser(selection, state, value))
      .map(({ state }) => figuresOfUser(withNames(state)));
    return { figures: addFigures(figures), next: end ?? null, users: PAGE_USERS };
  };
}
