import type { Logger } from 'pino';
import type { Counting } from '../counting/counting.js';
import type { ErasureKeeper } from '../erasures/erasure-keeper.js';
import type { Host, HostFacts } from '../host/open-host.js';
import type { ClockGuard } from '../intake/clock-guard.js';
import { reasonOf, toldError } from './causes.js';
import { type Condition, type ConditionName, type Finding, PROBE_MS } from './conditions.js';
import {
  type ConditionChange,
  createConditionTracker,
  type Findings,
} from './condition-tracker.js';
import { examineClock } from './examine-clock.js';
import { examineCounting, examineErasure, examineJournalAge } from './examine-counting.js';
import { examineHost } from './examine-host.js';
import type { BackupsKnown } from './examine-backups.js';
import { examineWarnings, type WarningFacts, type WarningParts } from './examine-warnings.js';
import { oneAtATime } from '../one-at-a-time.js';
import { repeatAfter } from '../repeat-after.js';
import type { Probes } from './probes.js';

export interface HealthParts extends WarningParts {
  readonly probes: Probes;
  readonly host: Host;
  readonly counting: Pick<Counting, 'behindSince' | 'failure' | 'isAlive'>;
  readonly erasures: Pick<ErasureKeeper, 'all'>;
  readonly clock: Pick<ClockGuard, 'aheadMs' | 'isAheadOfStore'>;
  /** How far the clock may jump ahead, in milliseconds. */
  readonly maxClockJumpMs: number;
  /** What restores have lost of late, and what collectors have that are gone. */
  readonly losses: () => Promise<Finding>;
  /** Looks at backups; in 2 seconds at most. */
  readonly backups: () => Promise<BackupsKnown>;
  readonly now: () => Date;
  readonly logger: Logger;
  /** The time between two looks, in milliseconds. */
  readonly everyMs: number;
}

/** What a look has found. */
export interface Look {
  /** All of them, in the order of their list. */
  readonly conditions: readonly Condition[];
  readonly facts: WarningFacts;
  readonly host: HostFacts;
}

/** The one list of what is wrong, for `/health`, metrics, the log and alerts. */
export interface Health {
  /** Looks at everything, after the call. It never rejects, and takes 5 seconds at most. */
  look(): Promise<Look>;
  /** All conditions as of the last look, which is at most {@link HealthParts.everyMs} ago. */
  readonly conditions: readonly Condition[];
  /**
   * Calls a listener with each condition that changes its state.
   *
   * @returns What ends it.
   */
  onChange(listener: (change: ConditionChange) => void): () => void;
  /** Lets each look ask another part about a condition. */
  provide(name: ConditionName, find: () => Finding): void;
  close(): void;
}

/** Looks now and then by itself, so that changes are told without anybody asking. */
export function watchHealth(parts: HealthParts): Health {
  const { probes, host, counting, erasures, clock, losses, now, logger, everyMs } = parts;
  const listeners = new Set<(change: ConditionChange) => void>();
  const provided = new Map<ConditionName, () => Finding>();
  const startedAt = now();
  const tracker = createConditionTracker({
    ...{ logger, startedAt },
    onChange: (change) => {
      for (const listener of listeners) listener(change);
    },
  });
  const askLosses = oneAtATime(async () => losses().catch(() => undefined), PROBE_MS);
  let conditions = tracker.update({}, startedAt);
  let running: Promise<Look> | undefined;
  let next: Promise<Look> | undefined;

  const lookOnce = async (): Promise<Look> => {
    const [journal, store, data, facts, lost, backups] = await Promise.all([
      probes.journal(),
      probes.store(),
      probes.data(),
      host.read(),
      askLosses(),
      parts.backups().catch(toError),
    ]);
    const at = now();
    const warnings = examineWarnings(parts, backups, { now: at, startedAt });
    const findings: Findings = {
      ...{
        journal,
        store,
        data,
        clock: examineClock(clock, parts.maxClockJumpMs, 'collector'),
      },
      counting: examineCounting(counting, at),
      ...warnings.findings,
      ...examineHost(facts, (name) => tracker.isActive(name)),
      ...(lost !== undefined && { restore: lost }),
      journal_age: examineJournalAge(counting, at),
      erasure: safely(() => examineErasure(counting, () => erasures.all(), at)),
      ...Object.fromEntries([...provided].map(([name, find]) => [name, safely(find)])),
    };
    conditions = tracker.update(findings, at);
    return { conditions, facts: warnings.facts, host: facts };
  };
  const look = async (): Promise<Look> => {
    if (running === undefined) {
      running = lookOnce().finally(() => {
        running = undefined;
      });
      return running;
    }
    // Asked meanwhile, it must not answer with what was before: all of these share one more look.
    next ??= running.then(() => {
      next = undefined;
      return look();
    });
    return next;
  };

  const end = repeatAfter(look, everyMs);
  return {
    look,
    get conditions() {
      return conditions;
    },
    onChange: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    provide: (name, find) => void provided.set(name, find),
    close: () => {
      end();
    },
  };
}

const toError = (thrown: unknown): Error =>
  thrown instanceof Error ? thrown : new Error(String(thrown));

/** What cannot be examined is not well. */
function safely(find: () => Finding): Finding {
  try {
    return find();
  } catch (error) {
    return reasonOf([toldError('cannot_be_examined', 'It cannot be examined', error)]);
  }
}
