/**
 * The entry of `dist/setup.cjs`, which reads the options of `createHeadcount()` and the fields of
 * events. `track()` without configuration does not need it.
 */
import { OptionMistake } from '../../errors.js';

export { presentModule } from '../../platform/present-module.js';
export { otherQueue } from '../../project/other-queue.js';
export { parseEndpoint } from '../../project/parse-endpoint.js';
export { coarseVersion } from '../../report/coarse-version.js';
export { createFieldChecker } from '../../report/field-checker.js';
export { resolveEvents } from '../../report/resolve-events.js';
export { resolveOptions } from './resolve-options.js';
export { runnerScript } from './runner-script.js';

/** Runs a check of the options. Returns the mistake that it finds, instead of throwing it. */
export function mistakeIn(check: () => void): OptionMistake | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    if (error instanceof OptionMistake) return error;
    return new OptionMistake('options', 'options', undefined); // a getter of the app has thrown
  }
}
