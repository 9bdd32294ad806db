import type { ReporterStatus } from '../../api.js';
import { createLeases } from '../../delivery/lease.js';
import { totalDropped } from '../../drop-reasons.js';
import type { Platform } from '../../platform/platform.js';
import { sealedReports } from '../../storage/segment-reports.js';
import type { OpenStorage } from '../../storage/open-storage.js';
import type { OutboxBound } from '../../storage/storage.js';
import type { Reporter } from '../reporter.js';

/** The part of the status that has values only after the first report. */
export function reporterStatus(reporter: Reporter, platform: Platform): ReporterStatus {
  const { opened, appender, schedule, counts, checker, sanitizer } = reporter;
  const { last } = counts;
  const nextAttemptMs = schedule.nextAttemptMs();
  return {
    storage: appender.usesMemory ? 'memory' : opened.kind,
    idSource: counts.idSource,
    queued: queuedReports(reporter, platform),
    sent: counts.sent,
    dropped: { ...counts.dropped },
    droppedFields: { ...checker.droppedFields },
    sanitized: { ...sanitizer.counts },
    ...(last && { lastResult: { sent: last.sent, queued: last.queued } }),
    ...(last?.error !== undefined && { error: last.error }),
    ...(nextAttemptMs !== undefined && { nextAttempt: new Date(nextAttemptMs).toISOString() }),
    ...leaseHolder(opened, platform),
  };
}

const NO_BOUND: OutboxBound = { maxReports: Infinity, maxBytes: Infinity, maxAgeMs: Infinity };

/** Counted in the outbox: the totals of sent and dropped reports include other runs. */
export function queuedReports({ opened, appender, counts }: Reporter, platform: Platform): number {
  const { kind, memory, folders, queue, outbox } = opened;
  if (kind === 'custom') {
    return Math.max(0, counts.tracked - counts.sent - totalDropped(counts.dropped));
  }
  const inMemory = memory.bound(NO_BOUND).left;
  return appender.open + inMemory + (folders ? sealedIn(`${folders.outbox}/${queue}`) : 0);

  function sealedIn(folder: string): number {
    try {
      return sealedReports(folder, platform, outbox.sealedNames);
    } catch {
      return 0; // the folder cannot be read
    }
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
    return {}; // the disk cannot be read, so there is no lease to name
  }
}
