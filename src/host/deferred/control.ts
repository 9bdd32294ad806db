import { type FlushResult, type Headcount, NOT_STARTED, type StatusWarning } from '../../api.js';
import { createNotices } from '../../consent/notice.js';
import { ENDS_WITHIN_MS } from '../../delivery/protocol.js';
import { discardAll } from '../../storage/discard-all.js';
import { localOnly } from '../../storage/open-storage.js';
import { resetLosses } from '../../storage/reset-losses.js';
import { givenId } from '../../report/given-id.js';
import { eventsHash } from '../../wire/events-hash.js';
import type { HostCore } from '../host-core.js';
import { makeJob } from '../exit/make-job.js';
import { flushReporter } from './flush-reporter.js';
import { hostSideOf } from './host-side.js';
import { NOTHING_FLUSHED } from './inert-headcount.js';
import { makeRoom } from './make-room.js';
import { reporterStatus } from './reporter-status.js';
import { createUserControl } from './user-control.js';

const DEFAULT_FLUSH_TIMEOUT_MS = 3_000;
const MAX_FLUSH_TIMEOUT_MS = 60_000;

/** The methods of {@link Headcount} that a program which only reports does not need. */
export interface Control extends Omit<Headcount, 'events' | 'track' | 'time'> {
  /** Whether the user was not told about the present events yet. */
  isNoticeDue(): boolean;
  /** Deletes all recorded reports after an opt-out. */
  discard(): Promise<void>;
}

/** See {@link Control}. */
export function createControl(core: HostCore): Control {
  const { platform, setup, options, opened, preference, consent } = core;
  const hash = core.declaredHash ?? eventsHash(options.events);
  const notices = createNotices(opened().notices, hash);
  const isNoticeDue = (): boolean => notices.isDue(preference().current());
  const room = makeRoom.bind(undefined, platform);

  async function discard(): Promise<void> {
    const ending = core.takeReporter();
    await ending?.schedule.close(ENDS_WITHIN_MS);
    ending?.seal();
    await discardAll(opened(), platform);
  }

  async function flush(timeoutMs: number): Promise<FlushResult> {
    const endMs = platform.elapsed() + timeoutMs;
    const pending = core.isWaiting() ? preference().pending() : undefined;
    if (pending) await within(timeoutMs, pending);
    const reporter = core.reporter();
    if (!reporter || consent().mode === 'off') return NOTHING_FLUSHED;
    return flushReporter(reporter, platform, Math.max(0, endMs - platform.elapsed()));
  }

  /** Awaits `pending` for at most `timeoutMs`. */
  function within(timeoutMs: number, pending: Promise<void>): Promise<void> {
    return new Promise((resolve) => {
      const cancel = platform.deadline(resolve, timeoutMs);
      void pending.then(cancel).then(resolve);
    });
  }

  function warnings(isHeld: boolean): StatusWarning[] {
    const found: StatusWarning[] = [];
    if (isHeld) {
      const text = 'Reports are kept until the app has shown the text of notice().';
      found.push({ reason: 'notice-not-shown', text });
    }
    const { HEADCOUNT_ANONYMOUS_ID: given } = platform.env;
    if (given && givenId(platform.env) === undefined) {
      const text = 'HEADCOUNT_ANONYMOUS_ID is not used: it is not 16 lower-case hex digits.';
      found.push({ reason: 'given-id-ignored', text });
    }
    const ignored = core.reuses();
    if (ignored > 0) {
      const text = `createHeadcount() was called again for this project (${ignored}): it returned the first instance, and did not use the new options.`;
      found.push({ reason: 'options-ignored', text });
    }
    return found;
  }

  const user = createUserControl({
    platform,
    project: setup.project,
    command: options.command,
    eventNames: Object.keys(options.events),
    eventsHash: () => hash,
    consent,
    preference,
    notices: () => notices,
    sender(mode) {
      const looked = mode === 'local' ? localOnly(opened(), platform, room) : opened();
      return { job: makeJob(core.found(), looked, options), host: hostSideOf(looked) };
    },
    seal: () => core.reporter()?.seal(),
    discard,
    resetLosses: () => resetLosses(opened(), platform),
  });

  return {
    ...user,
    isNoticeDue,
    discard,
    flush: (flushOptions) => flush(timeoutMsOf(flushOptions)),
    async close(flushOptions) {
      const timeoutMs = timeoutMsOf(flushOptions);
      const endsMs = Math.min(ENDS_WITHIN_MS, timeoutMs / 4);
      const result = await flush(timeoutMs - endsMs);
      core.end();
      await core.reporter()?.schedule.close(endsMs);
      return result;
    },
    status() {
      const decided = consent();
      const reporter = core.reporter();
      const isRetired = decided.mode === 'on' && reporter?.counts.isRetired === true;
      const reason = decided.mode === 'on' ? isRetired && 'retired' : decided.rule;
      const isDue = decided.mode !== 'off' && isNoticeDue();
      return {
        mode: isRetired ? 'off' : decided.mode,
        ...(reason && { reason }),
        consent: decided,
        ...(decided.mode !== 'off' && { notice: isDue ? 'due' : 'shown' }),
        project: setup.project,
        endpoint: (decided.mode === 'on' ? core.found() : setup).endpoint.url,
        ...(reporter ? reporterStatus(reporter, platform) : NOT_STARTED),
        warnings: warnings(decided.mode === 'on' && options.notice === 'before-send' && isDue),
      };
    },
  };
}

/** Accepts any value, because nothing throws after set-up. */
function timeoutMsOf(options: unknown): number {
  try {
    const { timeoutMs = DEFAULT_FLUSH_TIMEOUT_MS } = (options ?? {}) as { timeoutMs?: unknown };
    return Math.min(Math.max(Number(timeoutMs) || 0, 0), MAX_FLUSH_TIMEOUT_MS);
  } catch {
    return DEFAULT_FLUSH_TIMEOUT_MS; // a symbol, or a getter that throws
  }
}
