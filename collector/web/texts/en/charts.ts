/** The texts of charts and of the tables below them. */
export const charts = {
  table: 'Table',
  tableOf: (chart: string) => `Table: ${chart}`,
  csv: 'CSV',
  link: 'Link to this view',

  fewerThan: (least: number) => `fewer than ${least}`,
  unknown: 'not known',
  notShown: 'too few to show, or not known',
  nothing: 'Nothing in this range',
  nobody: 'Nobody reported in this range.',
  and: (sentences: readonly string[]) => sentences.join(' '),

  day: 'Day',
  people: 'People',
  share: 'Share',
  change: 'Change',
  note: 'Note',
  value: 'Value',

  active: 'Active',
  activeKey: 'active',
  expected: 'Forecast',
  low: 'Band from',
  high: 'Band to',
  compared: 'Compared',
  comparedKey: 'compared with',
  forecastKey: 'forecast, 95% band',
  dayNotOver: 'day not over',
  outsideBand: 'outside the band',
  releaseKey: 'release',
  released: (versions: string) => `${versions} released`,
  dayAhead: 'forecast',
  daySentence: (figures: {
    days: string;
    first: string;
    last: string;
    least: string;
    most: string;
  }) =>
    figures.days === '1'
      ? `Active people on ${figures.first}: ${figures.least}.`
      : `Active people a day, ${figures.days} days from ${figures.first} to ${figures.last}: between ${figures.least} and ${figures.most}.`,
  dayFlags: (days: string) => `Outside the band: ${days}.`,
  dayRuns: (people: string) => `Today so far: ${people}.`,

  periods: {
    day: { from: 'Day', notOver: 'day not over' },
    week: { from: 'Week of', notOver: 'week runs' },
    month: { from: 'Month of', notOver: 'month runs' },
  },
  new: 'New',
  newKey: 'new',
  cameBack: 'Came back',
  cameBackKey: 'came back',
  lost: 'Lost',
  lostKey: 'lost',
  growthSentence: (figures: { from: string; active: string; change: string }) =>
    `New people, people who came back and people lost. ${figures.from}: ${figures.active} active, ${figures.change}.`,

  other: 'other',
  sharesSentence: (figures: { first: string; last: string; shares: string }) =>
    `Share by version from ${figures.first} to ${figures.last}. At the end: ${figures.shares}.`,
  named: (name: string, figure: string) => `${name} ${figure}`,

  oldestSupported: 'Oldest supported',
  leftBehind: 'On older ones',
  andNewer: (version: string) => `${version} and newer`,
  /** Every other part is strong. */
  supportSentence: (figures: {
    version: string;
    share: string;
    left: string;
    /** People of whose version nobody knows whether it is older. */
    unknown: string | undefined;
  }): readonly string[] =>
    figures.unknown === undefined
      ? [
          'Support ',
          `${figures.version} and newer`,
          ': covers ',
          figures.share,
          ` of people, ${figures.left} would be left behind.`,
        ]
      : [
          'At least ',
          figures.share,
          ' of people are on ',
          `${figures.version} and newer`,
          `, ${figures.left} on older ones. Not known of `,
          figures.unknown,
          ': “other” versions, or none.',
        ],
  supportName: 'Oldest supported version',
  supportLabel: 'Share of people on each version or a newer one',

  cohort: { week: 'Week of', month: 'Month of' },
  periodsAfter: { week: 'Weeks after the first', month: 'Months after the first' },
  rampUnder: (share: string) => `under ${share}`,
  rampFrom: (share: string) => `${share} and more`,
  firstPeriod: 'first',
  soFar: (share: string, notOver: string) => `${share}, ${notOver}`,
  notCompared: (notOver: string) => `${notOver}: not compared`,
  curvesSentence: (figures: { periods: string; last: string; shares: string }) =>
    `Share active again. ${figures.periods} ${figures.last}: ${figures.shares}.`,

  daysSinceRelease: 'Days since release',
  toHalf: (version: string, days: number) => `${version}: ${days} ${days === 1 ? 'day' : 'days'}`,
  adoptionSentence: (names: string) =>
    `Share of active people by days since the release of ${names}.`,

  time: 'Time',
  timeSentence: (figures: { name: string; least: string; most: string; last: string }) =>
    `${figures.name}: between ${figures.least} and ${figures.most}, now ${figures.last}.`,
  threshold: (text: string) => `limit ${text}`,

  histogramSentence: (figures: { name: string; bars: string }) =>
    `${figures.name}: ${figures.bars}.`,
  bar: 'Bar',
};
