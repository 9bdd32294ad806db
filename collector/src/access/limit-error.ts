import { ProblemError } from '../errors.js';

/** A client has used up a limit. */
export class LimitError extends ProblemError {
  /**
   * @param limit - The name of the limit, as in the header `RateLimit-Policy`.
   */
  constructor(
    readonly limit: string,
    detail: string,
  ) {
    super('rate_limited', detail);
  }
}
