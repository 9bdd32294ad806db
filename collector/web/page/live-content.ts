/** `/p/{project}/live`: what comes in now. */
export interface LiveContent {
  readonly page: 'live';
  /** People active today so far, by the project's days. */
  readonly activeToday: number;
  readonly people: number;
  readonly totalReports: number;
  /** The people seen last, the newest first. */
  readonly recent: readonly RecentPerson[];
  /** The least people of a group that are shown alike; `null` if each is shown as they are. */
  readonly groupsOf: number | null;
}

/** A person under a mask that is another one in every answer. */
export interface RecentPerson {
  readonly mask: string;
  /** A moment in ISO 8601; where people are shown in groups, a date. */
  readonly firstSeen: string;
  readonly lastSeen: string;
  readonly os: string;
  readonly version: string;
  /** Reports; where people are shown in groups, at least so many. */
  readonly reports: number;
}
