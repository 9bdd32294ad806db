/** What the exit code of a command says. */
export const EXIT_CODES = {
  /** It was done. */
  DONE: 0,
  /** It could not be done; the cause was printed. */
  FAILED: 1,
  /** The command was not understood: an unknown word, or one that is missing. */
  USAGE: 2,
  /** `doctor` found something that keeps reports from arriving; `manifest --check` a difference. */
  FOUND: 3,
} as const;

/** One of {@link EXIT_CODES}. */
export type ExitCode = (typeof EXIT_CODES)[keyof typeof EXIT_CODES];
