import type { Env } from '../platform/platform.js';
import type { AppRecord } from '../project/app-record.js';
import { parseEndpoint } from '../project/parse-endpoint.js';

/** How set-up comes to the endpoint that the next run of a program would use. */
export interface ProgramEndpoint {
  /** The option of this name. */
  readonly endpoint?: string;
  /** The value that HEADCOUNT_ENDPOINT must have. */
  readonly variable?: string;
  readonly allowInsecure: boolean;
  /** Why it is this one, if set-up cannot tell. */
  readonly from?: string;
}

const VARIABLE = 'HEADCOUNT_ENDPOINT';

/**
 * Chooses as the program does: its code, the environment, its package.json.
 *
 * @param given - the option `--endpoint`
 * @param record - what the program's last run has stored
 */
export function programEndpoint(
  given: string | undefined,
  env: Env,
  record: AppRecord | undefined,
): ProgramEndpoint {
  if (given !== undefined) return { endpoint: given, allowInsecure: false, from: '--endpoint' };
  const isSet = Boolean(env[VARIABLE]);
  const { endpoint, fromEnvironment = false, inCode = false, allowInsecure = false } = record ?? {};
  // The program was allowed to use its own endpoint.
  const own = { ...(endpoint !== undefined && { endpoint }), allowInsecure: true };
  if (inCode) {
    const but = isSet ? `, so ${VARIABLE} does not count` : '';
    return { ...own, from: `the program’s code${but}` };
  }
  if (isSet) {
    const parsed = parseEndpoint(env[VARIABLE] ?? '', { allowInsecure: true });
    const isOwn = !fromEnvironment && typeof parsed !== 'string' && parsed.url === endpoint;
    // As for the program: reports to an address that only the variable names have another ID.
    return isOwn ? { ...own, from: VARIABLE } : { allowInsecure };
  }
  if (endpoint === undefined) return { allowInsecure };
  return fromEnvironment
    ? { variable: endpoint, allowInsecure: true, from: `${VARIABLE} in the program’s last run` }
    : { ...own, from: 'the program' };
}
