import { errorMessage } from './error-message.js';
import { hasCode } from './has-code.js';

/** Says what is wrong with arguments. Beside an address, one too many may be a part of its password. */
export function explainArguments(error: unknown, argv: readonly string[]): string {
  const isHidden =
    hasCode(error, 'ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL') &&
    argv.some((argument) => argument.includes('://'));
  return isHidden
    ? 'An argument is of no option. It is not shown, since it may be a part of an address: quote addresses.'
    : errorMessage(error);
}
