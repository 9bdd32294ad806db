/** The largest body of a request, in bytes. */
export const MAX_BODY_BYTES = 1024 * 1024;

/** The longest value of a dimension, in characters; longer ones are cut. */
export const MAX_VALUE_CHARACTERS = 64;

/** The longest anonymous ID, in characters. */
export const MAX_ID_CHARACTERS = 128;

/** The longest name of a project, in characters: npm's limit for package names. */
export const MAX_PROJECT_CHARACTERS = 214;
