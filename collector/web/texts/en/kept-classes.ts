/** How a kind of data is called, what it is, and until when it is kept where no option says so. */
export interface KeptClassText {
  readonly name: string;
  readonly what: string;
  readonly until?: string;
}

const untilFolder = 'until you delete the data folder';

/** The kinds of data that the collector keeps. */
export const keptClasses: Readonly<Record<string, KeptClassText>> = {
  users: { name: 'People', what: 'One row a person, under keyed hashes' },
  activity: { name: 'Activity', what: 'The days of each person, and what they ran on them' },
  rollups: { name: 'Counts by day', what: 'Numbers alone, of nobody' },
  totals: {
    ...{ name: 'Totals', what: 'Sums, and the names of projects and values' },
    until: untilFolder,
  },
  quality: { name: 'Quality', what: 'What was accepted, put right and refused by day' },
  hours: {
    ...{ name: 'Hours', what: 'How many reports came in each hour' },
    until: 'until reports have come for 30 more days',
  },
  keys: { name: 'Report IDs', what: 'So that no report counts twice' },
  tombstones: { name: 'Deletions', what: 'So that late reports do not undo them' },
  snapshots: { name: 'Copies', what: 'Of databases, from before an upgrade' },
  access: { name: 'Log of requests', what: 'By route, without people and addresses' },
  error: { name: 'Log of errors', what: 'Warnings and errors, without people and addresses' },
  performance: { name: 'Performance', what: 'How long requests took, and how busy it was' },
  cleaned: {
    ...{ name: 'Taken out', what: 'By cleaning' },
    until: 'until it is given back, or for 7 days',
  },
  journal: { name: 'Journal', what: 'Reports not counted yet', until: 'until they are counted' },
  erasures: {
    ...{ name: 'Lists of deletions', what: 'So that a restore does not undo them' },
    until: 'as long as deletions and backups',
  },
  published: {
    ...{ name: 'Shown to the public', what: 'The groups that were shown last' },
    until: 'until the next day’s replace them',
  },
  settings: {
    name: 'Settings',
    what: 'Of projects, and manifests',
    until: 'until you change them',
  },
  pepper: { name: 'Key of the hashes', what: 'Of people', until: untilFolder },
  state: { name: 'State', what: 'What the collector notes of itself', until: untilFolder },
};
