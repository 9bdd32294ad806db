/**
 * The entry of `dist/setup.cjs`: what reads the options of `createHeadcount()` and the fields of
 * events. `track()` without configuration needs none of it.
 */
import { OptionMistake } from '../../errors.js';

export { parseEndpoint } from '../../project/parse-endpoint.js';
export { createFieldChecker } from '../../report/field-checker.js';
export { resolveEvents } from '../../report/resolve-events.js';
export { resolveOptions } from './resolve-options.js';

/** Runs a check of the options. A mistake that it finds is answered, not thrown. */
export function mistakeIn(check: () => void): OptionMistake | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    if (error instanceof OptionMistake) return error;
    throw error;
  }
}
