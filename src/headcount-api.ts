import type { FlushResult, Status } from './status.js';

/** Anonymous telemetry for one project. After set-up nothing of it throws, rejects or prints. */
export interface Headcount {
  /**
   * Reports an event: one append to a file on this machine, sent later and elsewhere. Does nothing
   * while telemetry is off. An event that was not declared is dropped and counted.
   *
   * @param event - a name declared in the option `events`
   * @default 'startup'
   * @example
   * headcount.track();
   * headcount.track('build');
   */
  track(event?: string): void;
  /**
   * Sends what waits now, for servers and serverless functions. The process waits for it, at most
   * `timeoutMs`. A program that just ends needs no flush.
   *
   * @param options - `timeoutMs`: 0–60 000, default 3 000
   * @returns what became of the reports; never rejects
   */
  flush(options?: { readonly timeoutMs?: number }): Promise<FlushResult>;
  /**
   * As {@link Headcount.flush}, and then stops: no timer, thread or listener is left. Later calls
   * of `track()` do nothing.
   */
  close(options?: { readonly timeoutMs?: number }): Promise<FlushResult>;
  /** What Headcount is doing in this process, and why. */
  status(): Status;
}
