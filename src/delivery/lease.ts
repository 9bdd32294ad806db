import { LEASE, LEASE_SEEN, RELEASED } from '../file-names.js';
import { clamp, isTime, MAX_PID, MAX_TIME_MS } from '../ranges.js';
import type { Platform } from '../platform/platform.js';

/** What the lease takes from the platform. */
export type LeasePlatform = Pick<Platform, 'files' | 'processes' | 'now'>;

/** The right to send. One process at a time has it. */
export interface Lease {
  readonly generation: number;
  /** Shows others that the holder is alive. False if another process took the lease. */
  renew(): boolean;
  release(): void;
}

/** Gives out the {@link Lease} of one project on this machine. */
export interface Leases {
  /**
   * Takes the lease, unless another process holds it.
   *
   * @param dyingPid - a process that is ending: it counts as dead
   */
  acquire(dyingPid?: number): Lease | undefined;
  /** The process that holds it. */
  holder(): number | undefined;
}

interface Holder {
  readonly pid: number;
  readonly scope: string;
  readonly start?: string;
}

/** A holder of another boot or container is dead if it did not renew for this long. */
const EXPIRES_AFTER_MS = 10_000;
/** A living process may have lost the thread that renewed its lease. */
const LIVING_EXPIRES_AFTER_MS = 20_000;

/** The largest number that {@link LEASE} recognizes. */
const MAX_GENERATION = 999_999_999_999_999;

/**
 * Each time the lease is taken, its generation grows by one, and a file `lease.<generation>` is
 * created exclusively. The highest generation holds the lease. So no process takes a file from a
 * living holder: one with outdated information creates a lower number, sees that and removes it.
 *
 * A holder counts as dead if its process is (pid and start time, within one boot and pid
 * namespace). Any other holder, also one whose file is unreadable, counts as dead if two looks at
 * least {@link EXPIRES_AFTER_MS} apart ({@link LIVING_EXPIRES_AFTER_MS} for a living process) find
 * the same time on the file. Clocks may be moved in between: only the two looks are compared.
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

  /** `undefined` if the file is unreadable: cut short by a power failure, or another user's. */
  function readHolder(generation: number): Holder | typeof RELEASED | undefined {
    try {
      const text = files.read(pathOf(generation)) ?? RELEASED;
      if (text === RELEASED) return text;
      const holder = JSON.parse(text) as Partial<Holder> | null;
      const { pid, scope } = holder ?? {};
      if (typeof pid !== 'number' || typeof scope !== 'string') return undefined;
      return { ...holder, pid: clamp(pid, MAX_PID), scope };
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
    const [seen, seenRenewedMs, seenAt] = lastLook().split(' ').map(Number);
    const seenAtMs = clamp(seenAt, MAX_TIME_MS);
    if (seen === generation && seenRenewedMs === renewedMs && isTime(seenAtMs)) {
      return Math.abs(platform.now() - seenAtMs) > afterMs;
    }
    files.replace(`${folder}/${LEASE_SEEN}`, `${generation} ${renewedMs} ${platform.now()}`);
    return false;
  }

  function lastLook(): string {
    try {
      return files.read(`${folder}/${LEASE_SEEN}`) ?? '';
    } catch {
      return ''; // unreadable: the next look replaces it
    }
  }

  /** A file that cannot be removed does no harm: its number is no longer the highest. */
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
      // A damaged folder may name the last generation: then they start again.
      const next = last < MAX_GENERATION ? last + 1 : 1;
      if (next === 1) all.forEach(discard);
      if (!files.create(pathOf(next), describe(processes.pid))) return undefined;
      if (generations()[0] !== next) {
        discard(next);
        return undefined;
      }
      all.forEach(discard);
      return leaseOf(next);
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
