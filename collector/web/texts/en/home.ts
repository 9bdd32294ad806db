/** The texts of the list of projects. */
export const home = {
  title: 'Projects',
  lead: 'Each counts the people who use one program.',
  nothing: 'There is nothing here that you may see. Sign in with a token to see more.',
  project: 'Project',
  month: '28 days',
  lastReport: 'Last report',
  compared:
    'People. 7 and 28 days end yesterday, and are compared with those that ended a week before.',
  hidden: 'not shown to you',
};
