/** Every code a {@link HeadcountError} can have, and what it means. */
export const ERROR_CODES = {
  HEADCOUNT_ERR_INVALID_OPTION: 'An option has the wrong type or a value outside its limits.',
  HEADCOUNT_ERR_UNKNOWN_OPTION: 'An option of this name does not exist.',
  HEADCOUNT_ERR_INSECURE_ENDPOINT: 'The endpoint would carry reports in plain text over a network.',
} as const;

/** One of {@link ERROR_CODES}. */
export type HeadcountErrorCode = keyof typeof ERROR_CODES;

/** What a {@link HeadcountError} is made of. */
export interface HeadcountErrorDetails {
  readonly code: HeadcountErrorCode;
  readonly option: string;
  readonly expected: string;
  readonly given: unknown;
  readonly message: string;
}

/**
 * A mistake in the options of `createHeadcount()`. Nothing else of Headcount throws, and nothing
 * throws after set-up.
 */
export class HeadcountError extends Error {
  override readonly name = 'HeadcountError';
  readonly code: HeadcountErrorCode;
  /** The option's name, as a path: `events.build`. */
  readonly option: string;
  /** What would have been right. */
  readonly expected: string;
  /** What was there instead. */
  readonly given: unknown;

  constructor({ code, option, expected, given, message }: HeadcountErrorDetails) {
    super(message);
    this.code = code;
    this.option = option;
    this.expected = expected;
    this.given = given;
  }
}

/**
 * A mistake in the options before it is put into words. Most programs make none: the words are
 * loaded when there is one, and a {@link HeadcountError} is made of both.
 */
export class OptionMistake extends Error {
  readonly option: string;
  /** The rule that was broken, as the table of words knows it. */
  readonly rule: string;
  readonly given: unknown;
  /** What the words need beside it: a limit, or the names that exist. */
  readonly limit: string | number | undefined;

  constructor(option: string, rule: string, given: unknown, limit?: string | number) {
    super(rule);
    this.option = option;
    this.rule = rule;
    this.given = given;
    this.limit = limit;
  }
}

/**
 * Whether a value is a {@link HeadcountError}, also one of another copy of this package.
 */
export function isHeadcountError(value: unknown): value is HeadcountError {
  return value instanceof Error && value.name === 'HeadcountError' && 'option' in value;
}
