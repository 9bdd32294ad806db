import { type DeliveryState, NO_STATE, stateIn, waitMs } from '../delivery/delivery-state.js';
import type { SendResult } from '../delivery/protocol.js';
import { dropEntries, type DropReason } from '../drop-reasons.js';
import { DELIVERY_KEY } from '../file-names.js';
import type { ResolvedOptions } from '../options.js';
import type { Endpoint } from '../project/endpoint.js';
import type { Setup } from '../project/setup.js';
import { OUTBOX_BOUND } from '../ranges.js';
import { createDraftMaker } from '../report/draft-maker.js';
import { createEventChecker, type EventChecker } from '../report/event-checker.js';
import { createSanitizer, type Sanitizer } from '../report/sanitizer.js';
import { type Appender, createAppender } from '../storage/appender.js';
import type { OpenStorage } from '../storage/open-storage.js';
import { ALIVE_EVENT, type IdSource, STARTUP_EVENT } from '../wire/report.js';
import { exitUploadIntervalMs } from './exit-interval.js';
import type { HostPlatform } from './host-platform.js';
import { createSchedule, type Schedule } from './schedule.js';

/** Values that were measured for an event, by field name. */
export type Measured = Readonly<Record<string, unknown>>;

/** What a reporter needs. */
export interface ReporterParts {
  readonly setup: Setup;
  readonly options: ResolvedOptions;
  readonly platform: HostPlatform;
  readonly opened: OpenStorage;
  /** Reports stay on this machine, in an outbox that no sender reads. */
  readonly isLocal: boolean;
  /** Called before each attempt to send. */
  readonly maySend: () => boolean;
}

/** The outcome of the reports so far. */
export interface ReporterCounts {
  tracked: number;
  sent: number;
  dropped: Partial<Record<DropReason, number>>;
  /** The result of the last attempt. */
  last: SendResult | undefined;
  idSource: IdSource | 'pending';
  /** The collector no longer accepts reports of this version of the app. */
  isRetired: boolean;
}

/** Reports events. Created once telemetry is known to be on. */
export interface Reporter {
  /**
   * @param event - the name of a declared event
   * @param fields - the fields that the app gives
   * @param measured - the fields that Headcount measured
   * @param level - set if the user lets only `startup` and `alive` be reported
   */
  report(event: unknown, fields?: unknown, measured?: Measured, level?: 'basic'): void;
  /** Seals this process's open segments, so that a sender can read them. */
  seal(): void;
  readonly opened: OpenStorage;
  readonly appender: Appender;
  readonly schedule: Schedule;
  readonly counts: ReporterCounts;
  readonly checker: EventChecker;
  readonly sanitizer: Sanitizer;
}

/** The implicit endpoint often has no collector. */
const IMPLICIT_MAX_REPORTS = 50;

/**
 * Takes each event through these steps: declared? → draft → outbox → schedule. The first `track()`
 * that finds telemetry on creates the reporter; before that nothing is opened.
 */
export function createReporter(parts: ReporterParts): Reporter {
  const { setup, options, platform, maySend, isLocal, opened } = parts;
  const { version, endpoint } = setup;
  const sanitizer = createSanitizer(() => platform.deferred()?.personalFinder(platform.system));
  const checker = createEventChecker(options.events, sanitizer, (droppedFields) =>
    platform.setup()?.createFieldChecker(sanitizer, droppedFields),
  );
  const makeDraftLine = createDraftMaker(setup, platform, sanitizer, {
    ci: (env) => platform.deferred()?.detectCi(env) ?? 'unknown',
    version: (text) => platform.setup()?.coarseVersion(text) ?? 'other',
  });
  const state = readState(platform, opened, endpoint);
  const counts: ReporterCounts = {
    tracked: 0,
    sent: 0,
    dropped: {},
    last: undefined,
    idSource: 'pending',
    isRetired: state.retired.includes(version),
  };

  const drop = (reason: DropReason, by = 1): void => {
    if (by > 0) counts.dropped[reason] = (counts.dropped[reason] ?? 0) + by;
  };

  const maxReports = endpoint.implicit ? IMPLICIT_MAX_REPORTS : OUTBOX_BOUND.maxReports;
  const appender = createAppender({
    platform,
    outbox: opened.outbox,
    memory: opened.memory,
    bound: { ...OUTBOX_BOUND, maxReports },
    // An open segment cannot be removed to make room, so it must stay smaller than the bound.
    flushAt: Math.min(options.flushAt, maxReports / 2),
    onLost: (reports) => drop('outbox-full', reports),
  });
  const schedule = createSchedule({
    platform,
    appender,
    opened,
    setup,
    options,
    isImplicit: endpoint.implicit,
    hasNoSender: isLocal || endpoint.implicit || options.notice === 'before-send',
    flushIntervalMs: options.flushIntervalMs,
    exitUploadIntervalMs: exitUploadIntervalMs(platform.env) ?? options.exitUploadIntervalMs,
    isOn: () => maySend() && !counts.isRetired,
    waitMs: () =>
      counts.last
        ? Math.max(0, (counts.last.nextAttemptMs ?? 0) - platform.now())
        : waitMs(state, platform.now()),
    onResult(result) {
      counts.last = result;
      counts.sent += result.sent;
      for (const [reason, by] of dropEntries(result.dropped)) drop(reason, by);
      counts.idSource = result.idSource ?? counts.idSource;
      counts.isRetired ||= result.isRetired === true;
    },
  });

  return {
    report(event, fields, measured, level) {
      counts.tracked += 1;
      const checked = level
        ? checker.check(event, undefined)
        : checker.check(event, fields, measured);
      if (!checked) return drop('undeclared-event');
      if (level && event !== STARTUP_EVENT && event !== ALIVE_EVENT) return drop('basic-level');
      try {
        appender.append(makeDraftLine(checked, level));
        if (!isLocal) schedule.due();
      } catch {
        drop('storage-failed');
      }
    },
    seal: () => appender.seal(),
    opened,
    appender,
    schedule,
    counts,
    checker,
    sanitizer,
  };
}

/** Reads what the collector told former runs. Called with the first report. */
function readState(
  { files }: HostPlatform,
  { folders }: OpenStorage,
  endpoint: Endpoint,
): DeliveryState {
  if (!folders) return NO_STATE; // only files can be read synchronously
  const file = `${folders.config}/${DELIVERY_KEY}`;
  try {
    // `stat` first: a failed open takes longer.
    return files.stat(file) === undefined ? NO_STATE : stateIn(files.read(file), endpoint);
  } catch {
    return NO_STATE; // unreadable: the collector will tell the sender again
  }
}
