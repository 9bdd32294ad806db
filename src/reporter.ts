import { createDelivery } from './delivery/delivery.js';
import type { SendResult } from './delivery/job.js';
import { dropEntries, totalDropped, type DropReason } from './drop-reasons.js';
import type { ResolvedOptions } from './options.js';
import { draftLine } from './outbox/outbox-lines.js';
import type { Platform } from './platform/platform.js';
import type { Setup } from './project/setup.js';
import { isDeclared } from './report/declared-events.js';
import { createDraftMaker } from './report/draft-maker.js';
import type { FlushResult, Status } from './status.js';
import { openStorage } from './storage/open-storage.js';

/** What reports once telemetry is known to be on. */
export interface Reporter {
  report(event: string): void;
  flush(timeoutMs: number): Promise<FlushResult>;
  close(): Promise<void>;
  status(): Pick<Status, 'storage' | 'idSource' | 'queued' | 'sent' | 'dropped' | 'problem'>;
}

const RETRIES = 2;

/**
 * The way of one event, in this order: declared? → draft → outbox → delivery. Made by the first
 * `track()` that finds telemetry on; until then nothing is opened.
 */
export function createReporter(
  { project, version, endpoint }: Setup,
  options: ResolvedOptions,
  platform: Platform,
  isOn: () => boolean,
): Reporter {
  const { kind, storage, folders } = openStorage(options.storage, project, platform);
  const makeDraft = createDraftMaker(project, version, platform);
  const counts = { tracked: 0, sent: 0, dropped: {} as Partial<Record<DropReason, number>> };
  let last: SendResult | undefined;
  let idSource: Status['idSource'] = 'pending';

  const drop = (reason: DropReason, by = 1): void => {
    counts.dropped[reason] = (counts.dropped[reason] ?? 0) + by;
  };
  const queued = (): number =>
    Math.max(0, counts.tracked - counts.sent - totalDropped(counts.dropped));

  const delivery = createDelivery({
    platform,
    storage,
    flushAfterMs: options.flushAfterMs,
    isOn,
    job: {
      project,
      endpoint,
      folders,
      isPersistent: storage.isPersistent ?? true,
      userAgent: `${project}/${version}`,
      retries: endpoint.implicit ? 0 : RETRIES,
    },
    onResult(result) {
      last = result;
      counts.sent += result.sent;
      for (const [reason, by] of dropEntries(result.dropped)) drop(reason, by);
      idSource = result.idSource ?? idSource;
    },
  });

  return {
    report(event) {
      counts.tracked += 1;
      if (!isDeclared(event, options.events)) return drop('undeclared-event');
      try {
        storage.outbox.append(draftLine(makeDraft(event)));
        delivery.due();
      } catch {
        drop('storage-failed');
      }
    },
    async flush(timeoutMs) {
      const result = await delivery.flush(timeoutMs);
      return {
        sent: result?.sent ?? 0,
        kept: queued(),
        dropped: totalDropped(result?.dropped ?? {}),
      };
    },
    close: () => delivery.close(),
    status: () => ({
      storage: kind,
      idSource,
      queued: queued(),
      sent: counts.sent,
      dropped: { ...counts.dropped },
      ...(last?.problem !== undefined && { problem: last.problem }),
    }),
  };
}
