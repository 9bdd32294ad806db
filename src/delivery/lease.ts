import { LEASE, LEASE_SEEN, RELEASED } from '../file-names.js';
import type { Platform } from '../platform/platform.js';

/** What the lease takes from the platform. */
export type LeasePlatform = Pick<Platform, 'files' | 'processes' | 'now'>;

/** The right to send, of one process at a time. */
export interface Lease {
  readonly generation: number;
  /** Shows that the holder is alive. False where the lease was lost meanwhile: stop sending. */
  renew(): boolean;
  /** Makes another process the holder. */
  handOver(pid: number): void;
  release(): void;
}

/** Gives out the {@link Lease} of one project on this machine. */
export interface Leases {
  /**
   * Takes the lease, if nobody has it.
   *
   * @param dyingPid - a holder that is ending, and counts as gone
   */
  acquire(dyingPid?: number): Lease | undefined;
  /** The lease of a generation that this process was made the holder of. */
  adopt(generation: number): Lease | undefined;
  /** Whether somebody has it, so that it could not be taken. */
  isHeld(dyingPid?: number): boolean;
  /** The process that has it. */
  holder(): number | undefined;
}

interface Holder {
  readonly pid: number;
  readonly scope: string;
  readonly start?: string;
}

/** Holders that cannot be seen from here are gone when they did not renew for this long. */
const EXPIRES_AFTER_MS = 10_000;
/** A process that lives may have lost the thread that renewed its lease. */
const LIVING_EXPIRES_AFTER_MS = 20_000;

/**
 * One file a generation, `lease.<n>`, created exclusively; whoever has the highest one holds the
 * lease, and numbers are never used again while a file is left. So no file is ever taken from a
 * living holder: one who comes late with an old observation creates a number that is not the
 * highest, sees that, and withdraws.
 *
 * A holder is gone when its process is (pid and start time, within one boot and pid namespace);
 * any other, and a file that does not say whose it is, when it was not touched between two
 * observations that are at least {@link EXPIRES_AFTER_MS} apart ({@link LIVING_EXPIRES_AFTER_MS}
 * for a process that lives), in whatever direction the clock was moved.
 */
export function createLeases(folder: string, platform: LeasePlatform): Leases {
  const { files, processes } = platform;
  const pathOf = (generation: number): string => `${folder}/lease.${generation}`;

  const generations = (): number[] =>
    files
      .list(folder)
      .flatMap((file) => LEASE.exec(file)?.[1] ?? [])
      .map(Number)
      .sort((a, b) => b - a);

  function describe(pid: number): string {
    const start = processes.startTime(pid);
    const holder: Holder = { pid, scope: processes.scope(), ...(start && { start }) };
    return JSON.stringify(holder);
  }

  /** `undefined` for a file that does not say: half-written in a power cut, or another user's. */
  function readHolder(generation: number): Holder | typeof RELEASED | undefined {
    try {
      const text = files.read(pathOf(generation)) ?? RELEASED;
      if (text === RELEASED) return text;
      const holder = JSON.parse(text) as Partial<Holder> | null;
      const { pid, scope } = holder ?? {};
      if (typeof pid !== 'number' || typeof scope !== 'string') return undefined;
      return { ...holder, pid, scope };
    } catch {
      return undefined;
    }
  }

  const isDead = ({ pid, start }: Holder, dyingPid: number | undefined): boolean =>
    pid === dyingPid || !processes.isAlive(pid, start);

  function isHeld(generation: number, dyingPid: number | undefined): boolean {
    const holder = readHolder(generation);
    if (holder === RELEASED) return false;
    if (holder?.scope !== processes.scope()) return !hasExpired(generation, EXPIRES_AFTER_MS);
    return !isDead(holder, dyingPid) && !hasExpired(generation, LIVING_EXPIRES_AFTER_MS);
  }

  function hasExpired(generation: number, afterMs: number): boolean {
    const renewedMs = files.stat(pathOf(generation))?.modifiedMs;
    const [seen, seenRenewedMs, seenAtMs] = lastLook().split(' ').map(Number);
    if (seen === generation && seenRenewedMs === renewedMs && seenAtMs !== undefined) {
      return Math.abs(platform.now() - seenAtMs) > afterMs;
    }
    files.replace(`${folder}/${LEASE_SEEN}`, `${generation} ${renewedMs} ${platform.now()}`);
    return false;
  }

  function lastLook(): string {
    try {
      return files.read(`${folder}/${LEASE_SEEN}`) ?? '';
    } catch {
      return ''; // unreadable: it is replaced
    }
  }

  /** Its number is over: that it stays, since it is a folder or another user's, changes nothing. */
  function discard(generation: number): void {
    try {
      files.remove(pathOf(generation));
    } catch {
      return;
    }
  }

  function leaseOf(generation: number): Lease {
    return {
      generation,
      renew() {
        if (generations()[0] !== generation) return false;
        files.touch(pathOf(generation));
        return true;
      },
      handOver: (pid) => files.replace(pathOf(generation), describe(pid)),
      release() {
        if (generations()[0] === generation) files.replace(pathOf(generation), RELEASED);
      },
    };
  }

  return {
    acquire(dyingPid) {
      const all = generations();
      const [last = 0] = all;
      if (last > 0 && isHeld(last, dyingPid)) return undefined;
      const next = last + 1;
      if (!files.create(pathOf(next), describe(processes.pid))) return undefined;
      if (generations()[0] !== next) {
        discard(next);
        return undefined;
      }
      all.forEach(discard);
      return leaseOf(next);
    },
    adopt(generation) {
      if (generations()[0] !== generation) return undefined;
      const holder = readHolder(generation);
      const isMine = typeof holder === 'object' && holder.pid === processes.pid;
      return isMine ? leaseOf(generation) : undefined;
    },
    isHeld(dyingPid) {
      const [last = 0] = generations();
      return last > 0 && isHeld(last, dyingPid);
    },
    holder() {
      const [last] = generations();
      const holder = last === undefined ? undefined : readHolder(last);
      if (typeof holder !== 'object') return undefined;
      const isGone = holder.scope === processes.scope() && isDead(holder, undefined);
      return isGone ? undefined : holder.pid;
    },
  };
}
