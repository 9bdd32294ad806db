/** Values a dimension of a project may have; every further one is counted as {@link OTHER}. */
export const MAX_DIMENSION_VALUES = 1000;

/**
 * Values with which a dimension gets no new ones of build farms, whose further ones are counted as
 * {@link OTHER}: the rest of the room is for people.
 */
export const MAX_VALUES_WITH_CI = 500;

/** Dimensions a project may have, the fields of its events among them; further ones are not counted. */
export const MAX_DIMENSIONS = 400;

/**
 * Values of all dimensions of a project with which it is full: the dimensions of reports get no new
 * ones then, further ones are counted as {@link OTHER}. Those of people still do, each up to
 * {@link MAX_DIMENSION_VALUES}: fields, which may say anything, must not use up the versions.
 */
export const MAX_PROJECT_VALUES = 20_000;

/** The value that stands for all beyond {@link MAX_DIMENSION_VALUES} and {@link MAX_PROJECT_VALUES}. */
export const OTHER = 'other';

/** People of a project who can be told of as those seen last. */
export const MAX_RECENT = 100;

/** Days for which the key of a report is remembered. */
export const REMEMBERED_DAYS = 35;

/** Days for which a deleted user's tombstone stays: longer than any client keeps a report. */
export const TOMBSTONE_DAYS = 35;

/** The longest anonymous ID, in characters. */
export const MAX_ID_CHARACTERS = 128;

/** The longest name of a project, in characters: npm's limit for package names. */
export const MAX_PROJECT_CHARACTERS = 214;
