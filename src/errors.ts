/** Every code of a {@link HeadcountError}, and its meaning. */
export const ERROR_CODES = {
  HEADCOUNT_ERR_INVALID_OPTION: 'An option has the wrong type or a value outside its limits.',
  HEADCOUNT_ERR_UNKNOWN_OPTION: 'An option of this name does not exist.',
  HEADCOUNT_ERR_INSECURE_ENDPOINT: 'The endpoint would carry reports in plain text over a network.',
} as const;

/** One of {@link ERROR_CODES}. */
export type HeadcountErrorCode = keyof typeof ERROR_CODES;

/** The properties of a {@link HeadcountError}. */
export interface HeadcountErrorDetails {
  readonly code: HeadcountErrorCode;
  readonly option: string;
  readonly expected: string;
  readonly given: unknown;
  readonly message: string;
}

/**
 * A mistake in the options of `createHeadcount()` or in the events of `defineEvents()`. Headcount
 * throws no other error, and none after set-up.
 */
export class HeadcountError extends Error {
  override readonly name = 'HeadcountError';
  readonly code: HeadcountErrorCode;
  /** The option's name, as a path: `events.build`. */
  readonly option: string;
  /** The values that the option accepts, in words. */
  readonly expected: string;
  /** The value that was given. */
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
 * A mistake in the options, before it has a message. The messages are loaded only if there is a
 * mistake; `createHeadcount()` then makes a {@link HeadcountError} of both.
 */
export class OptionMistake extends Error {
  readonly option: string;
  /** The broken rule: a key of the table of messages. */
  readonly rule: string;
  readonly given: unknown;
  /** What the message must name: a limit, or the names that exist. */
  readonly limit: string | number | undefined;

  constructor(option: string, rule: string, given: unknown, limit?: string | number) {
    super(rule);
    this.option = option;
    this.rule = rule;
    this.given = given;
    this.limit = limit;
  }
}

/** Whether a value is a {@link HeadcountError}, of this or another copy of this package. */
export function isHeadcountError(value: unknown): value is HeadcountError {
  return value instanceof Error && value.name === 'HeadcountError' && 'option' in value;
}
