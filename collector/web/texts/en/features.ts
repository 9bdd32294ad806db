/** The texts of the page of features. */
export const features = {
  lead: (project: string) =>
    `Events and fields that ${project} reports. Counted by people: one person who builds a hundred times is one.`,
  count: 'Count',
  units: { people: 'People', reports: 'Reports' },

  events: 'Events',
  unitPeople: (days: number, to: string, total: string) =>
    days === 1
      ? `people on ${to}; share of ${total}`
      : `people, ${days} days to ${to}; share of ${total}`,
  unitReports: (days: number, to: string, total: string) =>
    days === 1
      ? `reports of ${to}; share of ${total}`
      : `reports, ${days} days to ${to}; share of ${total}`,
  event: 'Event',
  reports: 'Reports',
  each: 'Each',
  trend: (weeks: number) => `${weeks} weeks`,
  fewer: (below: number) => `fewer than ${below}`,
  noEvents: 'No event was reported in these days. The client’s track() reports one.',
  more: (count: string, isOne: boolean) => (isOne ? `${count} more event` : `${count} more events`),

  fields: (count: number) => (count === 1 ? '1 field' : `${count} fields`),
  ofPeople: (days: number, event: string) => `people who reported ${event}, ${days} days`,
  ofReports: (days: number, event: string) => `reports of ${event}, ${days} days`,
  kinds: {
    enum: (allowed: string) => `one of ${allowed} words`,
    boolean: 'yes or no',
    bucket: (allowed: string) => `a number, as one of ${allowed} ranges`,
    semver: 'a version',
    count: 'a number',
  },
  byReports: 'by reports',
  noValues: 'Nobody has reported it in these days.',

  silent: 'Silent',
  silentUnit: 'came before, comes no longer',
  lastOn: (date: string) => ` was last reported on ${date}`,
  without: (days: number, usual: string) =>
    `: ${days === 1 ? '1 day' : `${days} days`} without it${usual}.`,
  usual: (days: number) => (days === 0 ? '' : `, at most ${days} before`),
  gone: ' comes no longer.',

  unused: 'Never used',
  unusedUnit: (days: number) => `declared in the manifest, not reported in ${days} days`,
};
