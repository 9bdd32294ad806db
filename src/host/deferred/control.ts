import {
  type FlushResult,
  type Headcount,
  NOT_STARTED,
  type ReporterStatus,
  type StatusWarning,
} from '../../api.js';
import { createNotices } from '../../consent/notice.js';
import { NO_SENDER } from '../../delivery/no-sender.js';
import { ENDS_WITHIN_MS } from '../../delivery/protocol.js';
import { addDropped } from '../../drop-reasons.js';
import { discardAll } from '../../storage/discard-all.js';
import { findPersonal } from '../../report/find-personal.js';
import { givenId } from '../../report/given-id.js';
import { type PersonalWord, personalWords } from '../../report/personal-words.js';
import { fileValues } from '../../storage/file-storage.js';
import { memoryStorage } from '../../storage/memory-storage.js';
import { localOnly, type OpenStorage } from '../../storage/open-storage.js';
import { resetLosses } from '../../storage/reset-losses.js';
import { eventsHash } from '../../wire/events-hash.js';
import { ownOnly } from '../../own-only.js';
import type { ResolvedOptions } from '../../options.js';
import type { HostCore } from '../host-core.js';
import { makeJob } from '../exit/make-job.js';
import { exitWarnings } from './exit-warnings.js';
import { type ExitWay, exitWay } from './exit-way.js';
import { flushReporter } from './flush-reporter.js';
import { hostSideOf } from './host-side.js';
import { NOTHING_FLUSHED } from './inert-headcount.js';
import { joinOptions } from '../setup/join-options.js';
import { makeRoom } from './make-room.js';
import { neverThrowing } from './never-throwing.js';
import { createHeldReports } from './held-reports.js';
import { packageJsonWarnings } from './project-warnings.js';
import { refusedFolder } from './refused-folder.js';
import { queuedReports, reporterStatus } from './reporter-status.js';
import { storeWarnings } from './store-warnings.js';
import { sendPlan } from './send-plan.js';
import { isUnreadable, unreadableVariables } from './unreadable-variables.js';
import { createUserControl } from './user-control.js';

const DEFAULT_FLUSH_TIMEOUT_MS = 3_000;
const MAX_FLUSH_TIMEOUT_MS = 60_000;

/** The methods of {@link Headcount} that a program which only reports does not need. */
export interface Control extends Omit<Headcount, 'events' | 'track' | 'time'> {
  /** Whether the user was not told about the present events yet. */
  isNoticeDue(): boolean;
  /** Deletes all recorded reports after an opt-out. */
  discard(): Promise<void>;
  /** The storage for the mode `local`: no sender looks into its outbox. */
  local(): OpenStorage;
  /** Holds a report until a custom storage has answered. */
  hold(report: () => void, pending: Promise<void>): void;
  /** Joins the options of a later `createHeadcount()` call. */
  join(given: ResolvedOptions): void;
}

/** See {@link Control}. */
export function createControl(core: HostCore): Control {
  const { platform, setup, options, opened, preference, consent } = core;
  const hash = core.declaredHash ?? eventsHash(options.events);
  const { config } = opened();
  const noticeValues = config === undefined ? memoryStorage() : fileValues(config, platform.files);
  const notices = createNotices(noticeValues, hash);
  const isNoticeDue = (): boolean => notices.isDue(preference().current());
  const room = makeRoom.bind(undefined, platform);

  async function discard(): Promise<void> {
    const ending = core.takeReporter();
    await ending?.schedule.close(ENDS_WITHIN_MS);
    ending?.seal();
    await discardAll(opened(), platform);
  }

  const later = { calls: 0, isStricter: false, ignored: new Set<string>() };

  function join(given: ResolvedOptions): void {
    const { isStricter, ignored } = joinOptions(options, given);
    later.calls += 1;
    later.isStricter ||= isStricter;
    ignored.forEach((name) => later.ignored.add(name));
    if (isStricter) tighten();
  }

  /**
   * Stops sending what was recorded before the options became stricter. The record on disk tells
   * the `headcount` command the new mode.
   */
  function tighten(): void {
    const reporter = core.takeReporter();
    if (!reporter) return;
    void reporter.schedule.close(ENDS_WITHIN_MS);
    reporter.seal();
    platform.exit()?.rememberApp(platform.files, opened().folders, core.found(), options);
  }

  const held = createHeldReports(consent, lose);

  function lose(reports: number): void {
    try {
      opened().outbox.lose?.(reports);
    } catch {
      return; // the app's outbox fails too: the status has them
    }
  }

  async function flush(timeoutMs: number): Promise<FlushResult> {
    const endMs = platform.elapsed() + timeoutMs;
    const pending = held.count() > 0 ? preference().pending() : undefined;
    if (pending) await within(timeoutMs, pending);
    const reporter = core.reporter();
    if (!reporter || consent().mode === 'off') return NOTHING_FLUSHED;
    return flushReporter(reporter, platform, Math.max(0, endMs - platform.elapsed()));
  }

  function queued(): number {
    const reporter = core.reporter();
    return held.count() + (reporter ? queuedReports(reporter, platform) : 0);
  }

  /** Awaits `pending` for at most `timeoutMs`. */
  function within(timeoutMs: number, pending: Promise<void>): Promise<void> {
    return new Promise((resolve) => {
      const cancel = platform.deadline(resolve, timeoutMs);
      void pending.then(cancel).then(resolve);
    });
  }

  const withHeld = (status: ReporterStatus): ReporterStatus => ({
    ...status,
    queued: status.queued + held.count(),
    dropped: addDropped(status.dropped, held.dropped()),
  });

  let personal: readonly PersonalWord[] | undefined;

  function warnings(isHeld: boolean): StatusWarning[] {
    const found = packageJsonWarnings(options, platform);
    found.push(...unreadableVariables(platform.env, setup.project));
    if (core.reporter()?.counts.last?.error === NO_SENDER) {
      const text =
        'Nothing can be sent: files of headcount are missing, or the sender fails each time.';
      found.push({ reason: 'files-missing', text });
    }
    if (isHeld) {
      const text = 'Reports are kept until the app has shown the text of notice().';
      found.push({ reason: 'notice-not-shown', text });
    }
    const refusal = refusedFolder(opened().folders, platform.files);
    if (refusal !== undefined) found.push({ reason: 'folder-refused', text: refusal });
    const { values } = opened();
    if (values !== undefined) found.push(...storeWarnings(ownOnly(values).trouble?.()));
    found.push(...(setup.endpoint.implicit ? [] : exitWarnings(way())));
    const { HEADCOUNT_ANONYMOUS_ID: given } = platform.env;
    if (given && givenId(platform.env) === undefined) {
      const text = 'HEADCOUNT_ANONYMOUS_ID is not used: it is not 16 lower-case hex digits.';
      found.push({ reason: 'given-id-ignored', text });
    }
    const { calls, isStricter, ignored } = later;
    if (calls > 0) {
      const unused = ignored.size > 0 ? ` It did not use: ${[...ignored].join(', ')}.` : '';
      const text = `createHeadcount() was called again for this project (${calls}): it returned the first instance.${unused}`;
      found.push({ reason: 'options-ignored', text });
    }
    for (const { at, label } of (personal ??= personalWords(options.events, findPersonal))) {
      const text = `${at} has a word that looks like personal data (${label}): reports contain <${label}> instead, or lack it.`;
      found.push({ reason: 'personal-word', text });
    }
    if (isStricter) {
      const text = 'A later createHeadcount() call for this project made telemetry stricter.';
      found.push({ reason: 'stricter-mode', text });
    }
    return found;
  }

  const way = (): ExitWay => exitWay(opened(), options, platform);
  const local = (): OpenStorage => localOnly(opened(), platform, room);

  const user = createUserControl({
    platform,
    project: setup.project,
    command: options.command,
    eventNames: Object.keys(options.events),
    eventsHash: () => hash,
    consent,
    preference,
    choicePlaces: () => opened().choicePlaces,
    notices: () => notices,
    sender(mode) {
      const looked = mode === 'local' ? local() : opened();
      return { job: makeJob(core.found(), looked, options), host: hostSideOf(looked) };
    },
    plan: (job, mode) => sendPlan(job, mode, way, options, platform),
    seal: () => core.reporter()?.seal(),
    discard,
    resetLosses: () => resetLosses(opened(), platform),
  });

  const control: Control = {
    ...user,
    isNoticeDue,
    discard,
    local,
    hold: held.hold,
    join,
    flush: (flushOptions) => held.during(() => flush(timeoutMsOf(flushOptions))),
    async close(flushOptions) {
      const timeoutMs = timeoutMsOf(flushOptions);
      const endsMs = Math.min(ENDS_WITHIN_MS, timeoutMs / 4);
      try {
        return await held.during(async () => {
          const flushed = await flush(timeoutMs - endsMs);
          held.giveUp();
          return flushed;
        });
      } finally {
        core.end();
        await core.reporter()?.schedule.close(endsMs);
      }
    },
    status() {
      const decided = ownOnly(consent());
      const reporter = core.reporter();
      const isRetired = decided.mode === 'on' && reporter?.counts.isRetired === true;
      const isHidden = decided.rule === 'environment' && isUnreadable(platform.env, decided.source);
      const rule = isHidden ? 'unreadable-environment' : decided.rule;
      const reason = decided.mode === 'on' ? isRetired && 'retired' : rule;
      const isDue = decided.mode !== 'off' && isNoticeDue();
      return {
        mode: isRetired ? 'off' : decided.mode,
        ...(reason && { reason }),
        consent: decided,
        ...(decided.mode !== 'off' && { level: decided.level ?? 'full' }),
        ...(decided.mode !== 'off' && { notice: isDue ? 'due' : 'shown' }),
        project: setup.project,
        endpoint: (decided.mode === 'on' ? core.found() : setup).endpoint.url,
        ...withHeld(reporter ? reporterStatus(reporter, platform) : NOT_STARTED),
        warnings: warnings(decided.mode === 'on' && options.notice === 'before-send' && isDue),
      };
    },
  };
  return neverThrowing(control, setup.project, queued);
}

interface FlushOptions {
  readonly timeoutMs?: unknown;
}

/** Accepts any value, because nothing throws after set-up. */
function timeoutMsOf(options: unknown): number {
  try {
    const { timeoutMs = DEFAULT_FLUSH_TIMEOUT_MS } = ownOnly(options ?? {}) as FlushOptions;
    return Math.min(Math.max(Number(timeoutMs) || 0, 0), MAX_FLUSH_TIMEOUT_MS);
  } catch {
    return DEFAULT_FLUSH_TIMEOUT_MS; // a symbol, or a getter that throws
  }
}
