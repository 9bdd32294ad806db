import { UNUSUAL_ABOVE, USUAL_DAYS } from '../../../rules/unusual.js';
import type { Database } from '../../../sqlite/database.js';
import { isUnusualAmong } from '../../answers/is-unusual-among.js';
import type { DayCount, UnusualDay } from '../../questions.js';
import type { Counts } from '../../store.js';

// The planner cannot tell that the index of new people is far smaller than the table.
const NEW_PEOPLE = 'gaps INDEXED BY gaps_new';
const ARE_NEW = 'ci = 0 AND gap = 0';

const MANY = `
  SELECT slug AS project, projects.id AS id, day, n
  FROM projects CROSS JOIN ${NEW_PEOPLE} ON project_id = projects.id
  WHERE (?1 IS NULL OR slug = ?1) AND ${ARE_NEW} AND day BETWEEN ?2 AND ?3 AND n > ${UNUSUAL_ABOVE}
  ORDER BY day, slug`;

const AROUND = `
  SELECT day, n FROM ${NEW_PEOPLE}
  WHERE project_id = ?1 AND ${ARE_NEW} AND day BETWEEN ?2 - ${USUAL_DAYS} AND ?3
  ORDER BY day`;

const TOGETHER = `
  SELECT day, sum(n) AS n FROM projects CROSS JOIN ${NEW_PEOPLE} ON project_id = projects.id
  WHERE ${ARE_NEW} AND day BETWEEN ?1 - ${USUAL_DAYS} AND ?2
  GROUP BY day`;

type Found = UnusualDay & { readonly id: number };

/** Prepares the question about unusual days. */
export function prepareUnusual(db: Database): Counts['unusual'] {
  const many = db.prepare<Found>(MANY);
  const around = db.prepare<DayCount>(AROUND);
  const together = db.prepare<DayCount>(TOGETHER);

  const ofProjects = (project: string | null, from: number, to: number): UnusualDay[] => {
    const found = many.all([project, from, to]);
    // Once for all days of a project: the months before them overlap. They are in the order of days.
    const newsOf = new Map<number, readonly DayCount[]>();
    const newsAround = ({ id, day }: Found): readonly DayCount[] => {
      let news = newsOf.get(id);
      if (news === undefined) {
        const last = found.findLast((one) => one.id === id)?.day ?? day;
        newsOf.set(id, (news = around.all([id, day, last])));
      }
      return news;
    };
    return found
      .filter((one) => isUnusualAmong(newsAround(one), one))
      .map((one) => ({ project: one.project, day: one.day, n: one.n }));
  };
  const ofAll = (from: number, to: number): UnusualDay[] => {
    const news = together.all([from, to]);
    return news
      .filter((one) => one.day >= from && isUnusualAmong(news, one))
      .map(({ day, n }) => ({ project: null, day, n }));
  };

  return ({ project, from, to }) => {
    const found = ofProjects(project, from, to);
    if (project !== null) return found;
    // The sort is stable: a day of all projects stays before those of each.
    return [...ofAll(from, to), ...found].sort((a, b) => a.day - b.day);
  };
}
