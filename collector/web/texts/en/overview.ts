interface ReasonFigures {
  readonly problem: string;
  readonly kind: string;
  /** With how many there were; empty where the caller may not know. */
  readonly counts: string;
}

/** The texts of the page that is looked at in the morning. */
export const overview = {
  status: {
    well: 'All well',
    lastReport: (ago: string) => `Last report ${ago}`,
    refused: (share: string) => `${share} refused`,
    lost: (reports: string) => `${reports} lost`,
    lostUnknown: 'an unknown number lost',
    backup: (age: string) => `Backup ${age} old`,
    noBackup: 'No backup yet',
    worst: {
      unhealthy: 'The collector is unwell',
      unhealthyMore: 'Reports may not be taken or counted now.',
      stale: 'These figures are old',
      staleMore: (time: string, age: string) =>
        `They are of ${time}, ${age} ago. Newer reports are stored and not yet counted.`,
      silent: (time: string) => `Nothing for ${time}`,
      silentMore: (last: string) => `Last report ${last}. Figures end there.`,
      silentUsual: (last: string, gap: string) =>
        `Last report ${last}; the usual gap is ${gap}. Figures end there.`,
      lost: (reports: string) => `A restore lost ${reports} reports`,
      lostUnknown: 'A restore lost reports',
      lostMore: 'They were acknowledged, and are in no figure.',
      uncountable: (reports: string) => `${reports} reports could not be counted`,
      uncountableMore: 'They are set aside: a mistake of the collector. Its log says more.',
      refused: (share: string) => `${share} of reports are refused`,
      refusedMore: (usual: string) => `Usually ${usual}. Most with`,
      since: (day: string) => `Since ${day}.`,
      conditions: {
        restore: 'A restore lost reports',
        disk_full_soon: 'The disk is full soon',
        disk: 'The disk is nearly full',
        errors: 'Many errors in the log',
        backup: 'The backup is overdue',
        proxy: 'One address, many clients',
        certificate: 'The certificate ends soon',
        log: 'The log has gaps',
        memory_free: 'Little memory is free',
        memory: 'Memory is nearly full',
        cpu: 'The processors are busy',
        notices: 'Notices do not arrive',
      } as Readonly<Record<string, string>>,
      condition: 'The collector warns',
      look: 'Where to look',
    },
  },

  people: 'people in 28 days',
  peopleUntil: (day: string) => `people in 28 days to ${day}`,
  peopleToday: (people: number) => `${people === 1 ? 'person' : 'people'} so far today`,
  firstDay: 'Today is the first day with reports.',
  certainty: { certain: 'certain', likely: 'likely', ephemeral: 'ephemeral' },
  certaintyHelp: {
    certain: 'ID made from the machine, or handed down',
    likely: 'ID made by chance and kept',
    ephemeral: 'ID could not be kept: runs rather than people',
  },
  person: 'A person is one anonymous ID. Build farms are not counted.',
  howSure: 'How sure is this?',
  yesterday: 'Yesterday',
  week: '7 days',
  today: 'Today so far',
  notCompared: 'Not compared until the day is over',
  noComparison: 'Nothing to compare with yet',
  versus: {
    day: (day: string) => `vs ${day}`,
    week: 'vs the 7 before',
    month: 'vs the 28 days before',
    year: 'vs a year before',
  },

  active: 'Active by day',
  activeUnit: (days: string) => `people a day, ${days} ${days === '1' ? 'day' : 'days'}`,
  dayFigures: (people: string) => `${people} people`,
  dayExpected: (people: string, expected: string) => `${people} people, ${expected} expected`,
  counting: 'Counting problem likely, not users',
  refusals: 'Refusals of that day',
  whatChanged: 'What changed that day',
  /** Why a day is as it is, by the codes of `GET /v1/stats/forecast`. */
  reasons: {
    nothing_counted: () => 'Nothing was counted on the whole day.',
    reports_refused: (v) =>
      `Far more reports than usual were refused with ${v.problem}${v.counts}.`,
    reports_unusual: (v) => `Far more reports than usual: ${v.kind}${v.counts}.`,
    spread_evenly: () => 'The change is spread evenly.',
    spread_unevenly: () => 'The change is spread over several parts; none stands out.',
    unclear: () => 'At this number of people no part of the change can be told from chance.',
  } as Readonly<Record<string, (figures: ReasonFigures) => string>>,
  reasonCounts: (observed: string, usual: string) => `, ${observed} instead of ${usual}`,
  cause: (share: string, direction: 'more' | 'fewer', parts: string) =>
    `About ${share} of the ${direction === 'more' ? 'rise' : 'fall'} is in ${parts}.`,
  incident: 'incident',
  span: (from: string, to: string) => `${from} – ${to}`,
  forecastFrom: (needed: string, known: string) =>
    `Comparison from the 8th day, forecast from day ${needed}; ${known} known so far.`,
  forecastFailed: 'The forecast could not be made.',
  firstReport: (day: string) => `The first report came on ${day}.`,
  showFromThere: 'Show from there',

  dimensions: {
    version: 'Version',
    os: 'System',
    channel: 'Came by',
    os_version: 'system version',
    arch: 'processor',
    runtime: 'runtime',
    runtime_version: 'runtime version',
  } as Readonly<Record<string, string>>,
  opened: {
    title: 'What changed that day',
    close: 'Close',
    more: (people: string) => `${people} more`,
    fewer: (people: string) => `${people} fewer`,
    asExpected: 'as expected',
    notOver: 'The day is not over.',
    refused: (share: string) => `Refused ${share}`,
    late: (share: string) => `Late ${share}`,
    lost: (reports: string) => `Lost ${reports}`,
    released: (versions: string) => `${versions} released`,
    value: 'Value',
    people: 'People',
    before: (day: string) => day,
    change: 'More',
    other: 'other',
    few: 'few',
    nothing: 'Nobody on this day, nor on the one before it.',
    compared: (day: string) =>
      `Compared with ${day}. The values with the largest changes are shown.`,
  },

  growth: 'Growth',
  growthUnit: {
    day: 'people in 7 days, by day',
    week: 'people a week',
    month: 'people in 28 days, by month',
  },
  lastPeriod: { day: 'Last day', week: 'Last week', month: 'Last month' },
  sum: (
    period: string,
    figures: Readonly<Record<'before' | 'new' | 'cameBack' | 'lost', string>>,
  ) =>
    `${period}: ${figures.before} + ${figures.new} new + ${figures.cameBack} back − ${figures.lost} lost =`,
  noSum: 'There is nothing to compare with yet.',
  noPeriod: 'No whole period is over in this range.',

  versions: 'Versions now',
  versionsUnit: 'by the version used last, 28 days up to now',
  version: 'Version',
  allVersions: 'All versions',
  half: (version: string, days: string) => `${version}: 50% reached in ${days} days`,
  noHalf: (version: string) => `${version}: 50% not reached yet`,
  halfBefore: (version: string, days: string) => ` (${version}: ${days})`,
  withoutSupport: (share: string, versions: string) => ` Without support: ${share} (${versions}).`,
  noVersions: 'Nobody has used any version in 28 days.',

  changes: 'What changed',
  changesUnit: 'at most five sentences',
  noChanges:
    'Nothing worth a sentence: no version at its half, no day outside the band, no share that moved.',
  change: {
    half: (days: string) => ` reached 50% of people in ${days} days`,
    halfBefore: (version: string, days: string) => `; ${version} took ${days}`,
    week: (change: string) => `7 days: ${change}`,
    inWeek: (day: string, people: string, expected: string) =>
      `. ${day} is in them, with ${people} people where ${expected} were expected.`,
    beforeWeek: (day: string, people: string, expected: string) =>
      `. The 7 before hold ${day}, with ${people} people where ${expected} were expected.`,
    slow_fall: (day: string) => `The week to ${day} fell.`,
    slow_rise: (day: string) => `The week to ${day} rose.`,
    shift: (day: string) => `A new level since the week to ${day}.`,
    unusual: (day: string) =>
      `${day} has unusually many new people. If they are not real, they can be taken out.`,
    stopped: (kind: 'event' | 'field') => `${kind === 'event' ? 'The event' : 'The field'} `,
    stoppedSince: (day: string) => ` has not come since ${day}.`,
    stoppedNow: ' comes no more.',
    used: (share: string, before: string) =>
      ` is used by ${share} of people, ${before} four weeks ago.`,
    passed: (limit: string, share: string) => ` passed ${limit}, with ${share} of people.`,
    dropped: (limit: string, share: string) => ` fell below ${limit}, with ${share} of people.`,
    stop: '.',
  },

  comma: ', ',
  colon: ': ',
  stop: '. ',

  failed: 'This part could not be made.',
  failedMore: 'The rest of the page is complete.',
  retry: 'Try again',
};
