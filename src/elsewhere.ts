/**
 * The entry `headcount` where there is no process and no disk: browsers, edge functions, workerd.
 * It loads, so that shared code may import it, and reports nothing.
 */
import { type Headcount, NOT_STARTED, type Status } from './api.js';
import type { HeadcountOptions } from './options.js';
import { ownOnly } from './own-only.js';
import { OWN_EVENTS } from './report/startup-event.js';
import { isRecord } from './type-guards.js';

export { HeadcountError, isHeadcountError } from './errors.js';
export { field } from './report/declared-events.js';
export { nullStorage, nullStorage as memoryStorage } from './storage/null-storage.js';

const ERROR = 'this runtime has no processes and no files: use headcount/edge here';
const NOTHING = { sent: 0, queued: 0, dropped: 0 };

/** The instance that reports nothing, and says so. */
export function createHeadcount(options: HeadcountOptions = {}): Headcount {
  const given: HeadcountOptions = ownOnly(isRecord(options) ? options : {});
  const failed = () => Promise.resolve({ ok: false, source: 'nowhere', error: ERROR } as const);
  const flushed = () => Promise.resolve(NOTHING);
  const status: Status = {
    mode: 'off',
    reason: 'unsupported-runtime',
    consent: { mode: 'off', rule: 'code' },
    project: given.project,
    endpoint: given.endpoint,
    ...NOT_STARTED,
    error: ERROR,
    warnings: [],
  };
  return {
    events: OWN_EVENTS,
    track: () => undefined,
    time: (_event, run) => run(),
    flush: flushed,
    close: flushed,
    notice: () => undefined,
    optIn: failed,
    optOut: failed,
    show: failed,
    proofs: failed,
    export: failed,
    forget: failed,
    diagnose: failed,
    status: () => status,
  };
}

/** Does nothing. */
export const track = (): void => undefined;

/** Returns the same events. */
export const defineEvents = <Events>(events: Events): Events => events;

/** Stands for the user's folders, which are not there. */
export const fileStorage = () => ({ kind: 'file' }) as const;
