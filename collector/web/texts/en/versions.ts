/** The texts of the page of versions. */
export const versions = {
  lead: 'Which version people used last.',
  leadHalf: (version: string, days: number) =>
    `${version} needed ${days} ${days === 1 ? 'day' : 'days'} to reach half of them.`,
  leadNotHalf: (version: string, share: string) => `${version} has reached ${share} of them.`,
  grouping: 'Group by',
  groupings: { major: 'Major', minor: 'Minor', patch: 'Patch' },

  byDay: 'Share by day',
  byDayUnit:
    'of the people of each day; newest from the ground, so each edge reads “this version and newer”',
  merged: (below: number) =>
    `On days with fewer than ${below} people, a version is a part of “other”.`,

  support: 'How far back?',
  supportUnit: (days: number) => `support line, ${days} days up to now, by the version last used`,
  tooMany:
    'There are too many people to look at the last version of each. The table counts whoever had a version at all.',
  choose: 'Oldest supported version',
  show: 'Show',

  adoption: 'Adoption',
  adoptionUnit: 'share on it or a later one, by days since first seen; ring: half of all',
  noAdoption: 'No version came in these days. A longer range shows more.',

  all: 'All versions',
  allUnit: (count: string, days: number) => `${count} seen in ${days} days, up to now`,
  version: 'Version',
  people: (days: number) => `People, ${days} d`,
  firstSeen: 'First seen',
  daysToHalf: 'Days to 50%',
  halfLife: 'Half-life',
  days: (count: string) => `${count} d`,
  ended: 'no support',
  supportState: 'Support',
  supported: 'supported',
  fromHere: 'This and newer',
  more: (count: string, isOne: boolean) =>
    isOne ? `${count} more version` : `${count} more versions`,
  other: (count: string) => `${count} under “other”`,
  find: 'Find a version',
  findLabel: 'Part of a version',
  found: (count: string, text: string) => `${count} with “${text}”`,
  notFound: (text: string) => `No version of these days has “${text}” in it.`,
  showAll: 'All versions',
  nobody: 'Nobody reported in 28 days.',
};
