/** The ID for quality counts without a project. IDs of projects start at 1. */
export const NO_PROJECT = 0;
