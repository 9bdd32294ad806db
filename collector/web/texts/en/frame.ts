/** The texts around every page. */
export const frame = {
  mark: 'headcount',
  /** Before what another program has said. */
  said: 'The error:',
  pages: {
    overview: 'Overview',
    versions: 'Versions',
    systems: 'Systems',
    features: 'Features',
    retention: 'Retention',
    live: 'Live',
    quality: 'Quality',
    system: 'System',
    settings: 'Settings',
  },
  levels: {
    public: 'Public',
    restricted: 'Restricted',
    developer: 'Developer',
    administrator: 'Administrator',
  },
  otherProjects: 'Other projects',
  allProjects: 'All projects',
  signIn: 'Sign in',
  signOut: 'Sign out',
  /** The name of the other language, in that language. */
  otherLanguage: '中文',
  theme: 'Light or dark',
  invented: 'invented data',
  skip: 'Skip to content',
  navigation: 'Pages',
  asOf: (moment: string, zone: string) =>
    `Every figure on this page is of one moment: ${moment}. Days are those of ${zone}.`,
  publicPage: 'Public page',
  yourData: 'Your data',
  api: 'API',
  product: (version: string) => `Headcount ${version}`,
  unreachable: 'The collector does not answer.',
  unreachableSince: (time: string) =>
    `What you see is of ${time}. It is asked again by itself; look at the machine or the network if this stays.`,
  retry: 'Ask again now',
  loading: 'Loading',
};
