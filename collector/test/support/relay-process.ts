import { type CollectorProcess, type ProcessOptions, startProcess } from './start-process.js';

/** Starts the command as a relay to a collector on this machine, or to another URL. */
export const startRelayProcess = (
  to: number | string,
  data: string,
  { args = [], ...options }: ProcessOptions & { readonly args?: readonly string[] } = {},
): Promise<CollectorProcess> =>
  startProcess(
    [
      ...['relay', '--to', typeof to === 'number' ? `http://127.0.0.1:${to}` : to],
      ...['--port', '0', '--log-level', 'error', '--no-metrics', '--data', data, ...args],
    ],
    {},
    options,
  );

/** What a relay says of itself to programs on its machine. */
export interface RelayState {
  readonly waiting_reports: number;
  readonly oldest_age_seconds: number;
  readonly failing_reason: string | null;
}

/** Asks a relay for its state. */
export async function relayState(url: string): Promise<RelayState> {
  const answer = (await (await fetch(`${url}/health`)).json()) as { relay: RelayState };
  return answer.relay;
}
