import type { ProjectOverview } from './questions.js';

/**
 * Adds up the figures of several projects. Of places, which no two projects share, the most that one
 * of them has taken is kept.
 */
export function addUpProjects(projects: readonly ProjectOverview[]): ProjectOverview {
  const sum = (read: (one: ProjectOverview) => number): number =>
    projects.reduce((all, one) => all + read(one), 0);
  const most = (read: (one: ProjectOverview) => number): number =>
    projects.reduce((all, one) => Math.max(all, read(one)), 0);
  const dimensions = new Set(projects.flatMap(({ places }) => Object.keys(places.ofDimension)));
  return {
    project: null,
    totalUsers: sum((one) => one.totalUsers),
    dailyActiveUsers: sum((one) => one.dailyActiveUsers),
    weeklyActiveUsers: sum((one) => one.weeklyActiveUsers),
    monthlyActiveUsers: sum((one) => one.monthlyActiveUsers),
    newUsers: sum((one) => one.newUsers),
    ciUsers: sum((one) => one.ciUsers),
    totalReports: sum((one) => one.totalReports),
    lostReports: sum((one) => one.lostReports),
    lostReportsCut: sum((one) => one.lostReportsCut),
    places: {
      dimensions: most(({ places }) => places.dimensions),
      values: most(({ places }) => places.values),
      ofDimension: Object.fromEntries(
        [...dimensions].map((name) => [name, most(({ places }) => places.ofDimension[name] ?? 0)]),
      ),
    },
  };
}
