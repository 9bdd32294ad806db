/** Values of a dimension of a project. Further ones are counted as {@link OTHER}. */
export const MAX_DIMENSION_VALUES = 1000;

/**
 * Values of a dimension after which build farms add no new ones: theirs are counted as {@link
 * OTHER}. The remaining room is for people.
 */
export const MAX_VALUES_WITH_CI = 500;

/** Dimensions of a project, fields of events included. Further ones are not counted. */
export const MAX_DIMENSIONS = 400;

/**
 * Values of all dimensions of a project after which dimensions of reports get no new ones; theirs
 * are counted as {@link OTHER}. Dimensions of people still get new ones, each up to {@link
 * MAX_DIMENSION_VALUES}: free-form fields must not use up the room for versions.
 */
export const MAX_PROJECT_VALUES = 20_000;

/**
 * How full a dimension or a project may be at the end of a day, as a share of its limit. Beyond it,
 * rare values give their places up.
 */
export const FULL_SHARE = 0.8;

/** Values of fewer people, or of fewer reports where reports are counted, are rare. */
export const RARE_BELOW = 3;

/** Days over which it is counted whether a value is rare. */
export const RARE_WINDOW_DAYS = 31;

/** The value for everything beyond the limits. */
export const OTHER = 'other';

/** The most people that can be asked for as those seen last. */
export const MAX_RECENT = 100;

/** Days for which the key of a report is remembered. */
export const REMEMBERED_DAYS = 35;

/** Days for which a deleted user's tombstone stays: longer than any client keeps a report. */
export const TOMBSTONE_DAYS = 35;

/** The longest anonymous ID, in characters. */
export const MAX_ID_CHARACTERS = 128;

/** The longest name of a project, in characters: npm's limit for package names. */
export const MAX_PROJECT_CHARACTERS = 214;
