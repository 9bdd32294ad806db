/** This package's version and a hash of its source; `source` in tests. */
declare const HEADCOUNT_BUILD: string;

/** The `User-Agent` of all requests: this package and its version, and nothing of the app. */
export const USER_AGENT = `headcount/${HEADCOUNT_BUILD.split(' ', 1)[0] ?? ''}`;
