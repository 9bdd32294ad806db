/** The exit codes of the commands. */
export const EXIT_CODES = {
  /** The command succeeded. */
  DONE: 0,
  /** The command failed and printed why. `doctor`: nothing will be sent. */
  FAILED: 1,
  /** The command was not understood: a word, an option or its value is wrong or missing. */
  USAGE: 2,
  /**
   * `doctor` found a problem, `check` a broken promise, `manifest` a personal word, or
   * `manifest --check` a difference.
   */
  FOUND: 3,
  /** The reader of the output has closed it: as shells report a program that SIGPIPE has ended. */
  CLOSED: 141,
} as const;

/** One of {@link EXIT_CODES}. */
export type ExitCode = (typeof EXIT_CODES)[keyof typeof EXIT_CODES];
