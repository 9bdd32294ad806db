import { DELIVERY_KEY } from '../file-names.js';
import type { FlushResult, ReporterStatus, Status } from '../api.js';
import {
  type DeliveryState,
  retiredKey,
  NO_STATE,
  parseState,
  waitMs,
} from '../delivery/delivery-state.js';
import { createLeases } from '../delivery/lease.js';
import type { SendResult } from '../delivery/protocol.js';
import { dropEntries, type DropReason, totalDropped } from '../drop-reasons.js';
import type { ResolvedOptions } from '../options.js';
import type { Env, Platform } from '../platform/platform.js';
import { rememberApp } from '../project/app-record.js';
import type { Setup } from '../project/setup.js';
import { createDraftMaker } from '../report/draft-maker.js';
import { createEventChecker } from '../report/event-checker.js';
import { createSanitizer } from '../report/sanitizer.js';
import { createAppender } from '../storage/appender.js';
import { discardOutbox } from '../storage/discard-outbox.js';
import { joinOutboxes } from '../storage/join-outboxes.js';
import { localOnly, type OpenStorage } from '../storage/open-storage.js';
import { draftLine } from '../storage/outbox-lines.js';
import { sealedReports } from '../storage/segment-name.js';
import { type OutboxBound } from '../storage/storage.js';
import { eventsHash } from '../wire/events-hash.js';
import { makeJob } from './make-job.js';
import { createDelivery } from './schedule.js';

/** What was found out for an event, by the names that fields of it may have. */
export type Measured = Readonly<Record<string, unknown>>;

/** What a reporter takes. */
export interface ReporterParts {
  readonly setup: Setup;
  readonly options: ResolvedOptions;
  readonly platform: Platform;
  readonly opened: OpenStorage;
  /** Reports are kept on this machine, in an outbox that no sender ever looks into. */
  readonly isLocal: boolean;
  /** Asked before each attempt to send. */
  readonly maySend: () => boolean;
}

/** What reports once telemetry is known to be on. */
export interface Reporter {
  /**
   * @param event - the name of a declared event
   * @param fields - what the app says of it
   * @param measured - what was found out for it
   */
  report(event: unknown, fields?: unknown, measured?: Measured): void;
  flush(timeoutMs: number): Promise<FlushResult>;
  close(withinMs: number): Promise<void>;
  /** Ends this process's open segments, so that whoever asks sees what is in them. */
  seal(): void;
  /** Gives up everything that waits. Never rejects. */
  discard(): Promise<void>;
  /** Whether the collector wants nothing of this version of the app any more. */
  isRetired(): boolean;
  status(): ReporterStatus;
}

/** What may wait; a machine without a collector keeps next to nothing. */
const BOUND: OutboxBound = {
  maxReports: 1_000,
  maxBytes: 1024 * 1024,
  maxAgeMs: 30 * 24 * 60 * 60 * 1000,
};
const ANY: OutboxBound = { maxReports: Infinity, maxBytes: Infinity, maxAgeMs: Infinity };
const IMPLICIT_BOUND: OutboxBound = { ...BOUND, maxReports: 50 };

/**
 * The way of one event, in this order: declared? → draft → outbox → delivery. Made by the first
 * `track()` that finds telemetry on; until then nothing is opened.
 */
export function createReporter(parts: ReporterParts): Reporter {
  const { setup, options, platform, maySend, isLocal } = parts;
  const { project, version, endpoint } = setup;
  const opened = isLocal ? localOnly(parts.opened, platform) : parts.opened;
  const { kind, storage, memory } = opened;
  rememberApp(platform.files, opened.folders, {
    project,
    version,
    ...(!endpoint.implicit && { endpoint: endpoint.url }),
    mode: options.mode,
    notice: options.notice,
    ...(options.command !== undefined && { command: options.command }),
    events: eventsHash(options.events),
  });
  const sanitizer = createSanitizer(() => platform.system.ownNames());
  const checker = createEventChecker(options.events, sanitizer);
  const makeDraft = createDraftMaker(setup, platform, sanitizer);
  const counts = { tracked: 0, sent: 0, dropped: {} as Partial<Record<DropReason, number>> };
  let last: SendResult | undefined;
  let idSource: Status['idSource'] = 'pending';
  const state = readState(opened);
  let isRetired = state.retired.includes(retiredKey(version, endpoint.url));

  const drop = (reason: DropReason, by = 1): void => {
    if (by > 0) counts.dropped[reason] = (counts.dropped[reason] ?? 0) + by;
  };
  /** What waits is looked for: what was sent and dropped may be of other runs. */
  const queued = (): number => {
    if (kind === 'custom') {
      return Math.max(0, counts.tracked - counts.sent - totalDropped(counts.dropped));
    }
    const inMemory = memory.bound(ANY).left;
    return appender.open + inMemory + (opened.folders ? sealedIn(opened.folders.outbox) : 0);
  };
  const sealedIn = (folder: string): number => {
    try {
      return sealedReports(folder, platform);
    } catch {
      return 0; // not to be looked into
    }
  };

  const bound = endpoint.implicit ? IMPLICIT_BOUND : BOUND;
  const appender = createAppender({
    platform,
    outbox: storage.outbox,
    memory,
    bound,
    // An open segment cannot make room for itself.
    flushAt: Math.min(options.flushAt, bound.maxReports / 2),
  });
  const delivery = createDelivery({
    platform,
    appender,
    host: {
      values: storage,
      outbox: joinOutboxes(kind === 'custom' ? [storage.outbox, memory] : [memory]),
    },
    flushIntervalMs: options.flushIntervalMs,
    exitUploadIntervalMs: exitUploadIntervalMs(platform.env) ?? options.exitUploadIntervalMs,
    isOn: () => maySend() && !isRetired,
    waitMs: () =>
      last
        ? Math.max(0, (last.nextAttemptMs ?? 0) - platform.now())
        : waitMs(state, platform.now()),
    onLost: (reports) => drop('outbox-full', reports),
    job: makeJob(setup, opened, options.extraCa),
    onResult(result) {
      last = result;
      counts.sent += result.sent;
      for (const [reason, by] of dropEntries(result.dropped)) drop(reason, by);
      idSource = result.idSource ?? idSource;
      isRetired ||= (result.dropped.retired ?? 0) > 0;
    },
  });

  return {
    report(event, fields, measured) {
      counts.tracked += 1;
      const checked = checker.check(event, fields, measured);
      if (!checked) return drop('undeclared-event');
      try {
        drop('outbox-full', appender.append(draftLine(makeDraft(checked))));
        if (!isLocal) delivery.due();
      } catch {
        drop('storage-failed');
      }
    },
    async flush(timeoutMs) {
      const result = await delivery.flush(timeoutMs);
      return {
        sent: result?.sent ?? 0,
        queued: queued(),
        dropped: totalDropped(result?.dropped ?? {}),
      };
    },
    close: (withinMs) => delivery.close(withinMs),
    seal: () => drop('outbox-full', appender.seal()),
    async discard() {
      for (const outbox of new Set([storage.outbox, memory])) await discardOutbox(outbox);
    },
    isRetired: () => isRetired,
    status() {
      const nextAttemptMs = delivery.nextAttemptMs();
      return {
        storage: appender.usesMemory ? 'memory' : kind,
        idSource,
        queued: queued(),
        sent: counts.sent,
        dropped: { ...counts.dropped },
        droppedFields: { ...checker.droppedFields },
        sanitized: { ...sanitizer.counts },
        ...(last && { lastResult: { sent: last.sent, queued: last.queued } }),
        ...(last?.error !== undefined && { error: last.error }),
        ...(nextAttemptMs !== undefined && { nextAttempt: new Date(nextAttemptMs).toISOString() }),
        ...leaseHolder(opened, platform),
      };
    },
  };
}

/** For trying things out; a value that is no time counts as not set. */
function exitUploadIntervalMs({
  HEADCOUNT_EXIT_UPLOAD_INTERVAL_MS: value,
}: Env): number | undefined {
  return value !== undefined && /^\d{1,8}$/.test(value) ? Number(value) : undefined;
}

/** Read with the first report: what former runs were told. */
function readState({ storage, folders }: OpenStorage): DeliveryState {
  if (!folders) return NO_STATE; // only files can be read at once
  try {
    return parseState(storage.get(DELIVERY_KEY));
  } catch {
    return NO_STATE; // unreadable: the sender will be told again
  }
}

function leaseHolder(
  { folders }: OpenStorage,
  platform: Platform,
): Pick<ReporterStatus, 'leaseHolder'> {
  try {
    const pid = folders && createLeases(folders.state, platform).holder();
    return pid === undefined ? {} : { leaseHolder: pid };
  } catch {
    return {}; // no disk, no lease
  }
}
