/** The texts of the page on who comes again. */
export const retention = {
  title: 'Retention',
  lead: {
    week: 'Of the people first seen in a week, how many came again.',
    month: 'Of the people first seen in a month, how many came again.',
  },
  later: {
    week: (weeks: string, share: string) => `${weeks} weeks later: ${share}.`,
    month: (months: string, share: string) => `${months} months later: ${share}.`,
  },
  interval: 'Period',
  intervals: { week: 'Week', month: 'Month' },
  cohorts: 'By cohort',
  cohortsUnit: {
    week: 'by week first seen; share active in each week after',
    month: 'by month first seen; share active in each month after',
  },
  curve: 'Curve',
  curveUnit: 'cohorts together, weighted by their people; complete periods alone',
  all: 'all',
  earlier: 'old',
  recent: 'new',
  curveUnitOfHalves: (from: string) =>
    'cohorts together, weighted by their people; complete periods alone. ' +
    `old: first seen before ${from}; new: from then on`,
};
