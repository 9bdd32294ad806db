/** Before every day that a report can have. */
export const NO_DAY = -1e9;
