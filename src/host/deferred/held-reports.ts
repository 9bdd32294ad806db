import type { FlushResult } from '../../api.js';
import type { Consent } from '../../consent/decide.js';
import { type DropCounts, type DropReason, totalDropped } from '../../drop-reasons.js';

/** The most reports to hold until a custom storage has returned the user's choice. */
const MAX_HELD = 1_000;

/** Reports that wait for the user's choice, which an app's own storage has not told yet. */
export interface HeldReports {
  /** Holds a report until `pending` resolves. */
  readonly hold: (report: () => void, pending: Promise<void>) => void;
  /** Drops those that still wait, as their process ends. */
  giveUp(): void;
  /** How many wait. */
  count(): number;
  /** Those that were dropped, by reason. */
  dropped(): DropCounts;
  /** The result of a flush that began before, with what has become of these meanwhile. */
  during(flush: () => Promise<FlushResult>): Promise<FlushResult>;
}

/**
 * See {@link HeldReports}. Nothing is written before the storage has answered, since the user may have
 * opted out in it. If it cannot tell, those that wait are lost; if the user has said no, they were
 * never made.
 *
 * @param lose - adds to the losses of this install
 */
export function createHeldReports(
  consent: () => Consent,
  lose: (reports: number) => void,
): HeldReports {
  const dropped: Partial<Record<DropReason, number>> = {};
  let waiting: (() => void)[] = [];
  let isListening = false;
  /** How many the results of flushes have counted: each one is in the first that ends. */
  let told = 0;

  function drop(reason: DropReason, reports: number): void {
    if (reports === 0) return;
    dropped[reason] = (dropped[reason] ?? 0) + reports;
    lose(reports);
  }

  function take(): readonly (() => void)[] {
    const taken = waiting;
    waiting = [];
    return taken;
  }

  function settle(): void {
    isListening = false;
    const reports = take();
    if (consent().rule === 'unreadable-choice') drop('storage-failed', reports.length);
    else for (const report of reports) report();
  }

  return {
    hold(report, pending) {
      if (!isListening) void pending.then(settle);
      isListening = true;
      if (waiting.length < MAX_HELD) waiting.push(report);
      else drop('outbox-full', 1);
    },
    giveUp() {
      const left = take().length;
      if (consent().mode !== 'off') drop('storage-failed', left);
    },
    count: () => waiting.length,
    dropped: () => dropped,
    async during(flush) {
      const before = totalDropped(dropped);
      const { sent, queued, dropped: sentAndDropped } = await flush();
      const lost = totalDropped(dropped) - Math.max(before, told);
      told = totalDropped(dropped);
      return { sent, queued: queued + waiting.length, dropped: sentAndDropped + lost };
    },
  };
}
