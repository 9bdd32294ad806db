// @ts-check

/**
 * The releases of the invented program. `day` counts back from the last of the shown days: 0 is that day.
 * The first one has the first client that reports, so everybody comes with it.
 */
export const RELEASES = [
  { version: '2.0.3', daysAgo: 400, changes: 'The first release that reports' },
  { version: '2.0.4', daysAgo: 118, changes: 'Fixes watching files on network drives' },
  { version: '2.1.0', daysAgo: 103, changes: 'Adds plugins; needs Node 18 or newer' },
  { version: '2.1.1', daysAgo: 92, changes: 'Fixes a crash of plugins without a name' },
  { version: '2.1.2', daysAgo: 74, changes: 'Builds on Windows take half the time' },
  { version: '2.2.0', daysAgo: 71 - 14, changes: 'Adds the command deploy to three more hosts' },
  { version: '2.3.0', daysAgo: 36, changes: 'Adds a cache of builds, on by default' },
  { version: '2.3.1', daysAgo: 15, changes: 'Fixes a cache that grew without bound' },
];

/** The versions without support, and since which day. */
export const ENDED_RANGE = '<2.1';

/**
 * The newest release on a day, by its place in {@link RELEASES}.
 *
 * @param {number} daysAgo
 */
export const newestOn = (daysAgo) =>
  RELEASES.findLastIndex((release) => release.daysAgo >= daysAgo);
