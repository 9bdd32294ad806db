/** How often a running process looks whether it is time to report `alive`. */
export const LOOKS_EVERY_MS = 30_000;

/** How often a process that may report nothing looks whether its user allows it by now. */
export const LOOKS_WHILE_OFF_MS = 600_000;
