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
const LEASE = /^lease\.(\d+)$/;
const SEEN = 'lease.seen';

/**
 * One file a generation, `lease.<n>`, created exclusively; whoever has the highest one holds the
 * lease, and numbers are never used again while a file is left. So no file is ever taken from a
 * living holder: one who comes late with an old observation creates a number that is not the
 * highest, sees that, and withdraws.
 *
 * A holder is gone when its process is (pid and start time, within one boot and pid namespace);
 * one that cannot be seen from here when its file was not touched between two observations that
 * are at least {@link EXPIRES_AFTER_MS} apart, in whatever direction the clock was moved.
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

  /** `undefined` for a released lease, and for one that says nothing. */
  function readHolder(generation: number): Holder | undefined {
    const text = files.read(pathOf(generation)) ?? '';
    if (!text.startsWith('{')) return undefined;
    const holder = JSON.parse(text) as Partial<Holder>;
    const { pid, scope } = holder;
    if (typeof pid !== 'number' || typeof scope !== 'string') return undefined;
    return { ...holder, pid, scope };
  }

  function isHeld(generation: number, dyingPid: number | undefined): boolean {
    const holder = readHolder(generation);
    if (!holder) return false;
    if (holder.scope !== processes.scope()) return !hasExpired(generation);
    if (holder.pid === dyingPid || !processes.isAlive(holder.pid)) return false;
    return holder.start === undefined || holder.start === processes.startTime(holder.pid);
  }

  function hasExpired(generation: number): boolean {
    const renewedMs = files.stat(pathOf(generation))?.modifiedMs;
    const [seen, seenRenewedMs, seenAtMs] = (files.read(`${folder}/${SEEN}`) ?? '')
      .split(' ')
      .map(Number);
    if (seen === generation && seenRenewedMs === renewedMs && seenAtMs !== undefined) {
      return Math.abs(platform.now() - seenAtMs) > EXPIRES_AFTER_MS;
    }
    files.replace(`${folder}/${SEEN}`, `${generation} ${renewedMs} ${platform.now()}`);
    return false;
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
        if (generations()[0] === generation) files.replace(pathOf(generation), 'released');
      },
    };
  }

  return {
    acquire(dyingPid) {
      const [last = 0, ...older] = generations();
      if (last > 0 && isHeld(last, dyingPid)) return undefined;
      const next = last + 1;
      if (!files.create(pathOf(next), describe(processes.pid))) return undefined;
      if (generations()[0] !== next) {
        files.remove(pathOf(next));
        return undefined;
      }
      for (const generation of [last, ...older]) files.remove(pathOf(generation));
      return leaseOf(next);
    },
    adopt(generation) {
      const isMine =
        generations()[0] === generation && readHolder(generation)?.pid === processes.pid;
      return isMine ? leaseOf(generation) : undefined;
    },
    holder() {
      const [last] = generations();
      return last !== undefined && isHeld(last, undefined) ? readHolder(last)?.pid : undefined;
    },
  };
}
