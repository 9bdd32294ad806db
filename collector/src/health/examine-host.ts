import type { DiskFacts } from '../host/disk-meter.js';
import type { ProcessorUse } from '../host/processor-meter.js';
import type { MemoryFacts } from '../host/read-memory.js';
import { reasonOf, told, type ToldCause } from './causes.js';
import { CONDITIONS, type Finding } from './conditions.js';

/** What is known of the host. */
export interface ExaminedHost {
  readonly processors: ProcessorUse | undefined;
  readonly memory: MemoryFacts;
  /** `undefined` if the disk does not tell. */
  readonly disk: DiskFacts | undefined;
}

/** A shorter peak is no load. In milliseconds. */
const LOAD_MS = 55_000;

const MIB = 1024 ** 2;

/**
 * Examines processors, memory and disk.
 *
 * @param isActive - Whether a condition was active before: it ends a little beyond its threshold.
 */
export function examineHost(
  { processors, memory, disk }: ExaminedHost,
  isActive: (name: Judged) => boolean,
): Readonly<Record<Judged, Finding>> {
  const judge = (name: Judged, value: number | null, cause: ToldCause): Finding => {
    const rounded = value === null ? null : Math.round(value * 10) / 10;
    return isBeyond(name, value, isActive(name))
      ? { value: rounded, ...reasonOf([cause]) }
      : { value: rounded };
  };
  const whose = memory.isLimited ? 'that the collector may use' : 'of the machine';
  const percent = (value: number): string => `${value.toFixed(1)} %`;
  const cpu = processors?.percent ?? null;
  const hours = (disk?.fullInMs ?? 0) / 3_600_000;
  return {
    cpu:
      (processors?.overMs ?? 0) < LOAD_MS
        ? { value: cpu === null ? null : Math.round(cpu * 10) / 10 }
        : judge(
            'cpu',
            cpu,
            told(
              'processors_busy',
              `The processors were busy for ${percent(cpu ?? 0)} of a minute.`,
              { percent: cpu },
            ),
          ),
    memory: judge(
      'memory',
      memory.usedPercent,
      told('memory_used', `${percent(memory.usedPercent)} of the memory ${whose} is used.`, {
        percent: memory.usedPercent,
      }),
    ),
    memory_free: judge(
      'memory_free',
      memory.availableBytes,
      told(
        'memory_free',
        `${Math.floor(memory.availableBytes / MIB)} MiB of the memory ${whose} are free.`,
        { bytes: memory.availableBytes },
      ),
    ),
    disk: judge(
      'disk',
      disk?.usedPercent ?? null,
      told(
        'disk_used',
        `${percent(disk?.usedPercent ?? 0)} of the disk of the data folder are used.`,
        { percent: disk?.usedPercent ?? null },
      ),
    ),
    disk_full_soon: judge(
      'disk_full_soon',
      disk?.fullInMs == null ? null : disk.fullInMs / 1000,
      told(
        'disk_fills',
        `As it fills now, the disk of the data folder is full in ${hours.toFixed(1)} hours.`,
        { hours },
      ),
    ),
  };
}

type Judged = 'cpu' | 'memory' | 'memory_free' | 'disk' | 'disk_full_soon';

function isBeyond(name: Judged, value: number | null, isActive: boolean): boolean {
  if (value === null) return false;
  const { threshold, endsAt } = CONDITIONS[name];
  const limit = isActive ? endsAt : threshold;
  return threshold > endsAt ? value > limit : value < limit;
}
