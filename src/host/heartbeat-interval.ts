/** How often a running process looks whether it is time to report `alive`. */
export const LOOKS_EVERY_MS = 30_000;
