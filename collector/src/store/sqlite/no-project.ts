/** The number of no project: those of projects begin with 1. */
export const NO_PROJECT = 0;
