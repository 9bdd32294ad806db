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
  readonly option: string;
  readonly expected: string;
  readonly given: unknown;
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

  constructor(code: HeadcountErrorCode, { option, expected, given }: HeadcountErrorDetails) {
    super(
      code === 'HEADCOUNT_ERR_UNKNOWN_OPTION'
        ? `createHeadcount(): there is no option "${option}". Use ${expected}.`
        : `createHeadcount(): option "${option}" must be ${expected}, but is ${describe(given)}.`,
    );
    this.code = code;
    this.option = option;
    this.expected = expected;
    this.given = given;
  }
}

/**
 * Whether a value is a {@link HeadcountError}, also one of another copy of this package.
 */
export function isHeadcountError(value: unknown): value is HeadcountError {
  return value instanceof Error && value.name === 'HeadcountError' && 'option' in value;
}

function describe(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.slice(0, 100));
  if (typeof value === 'function') return 'a function';
  if (typeof value === 'object' && value !== null) return isArray(value) ? 'an array' : 'an object';
  return String(value);
}

function isArray(value: object): boolean {
  try {
    return Array.isArray(value);
  } catch {
    return false; // a proxy that was revoked
  }
}
