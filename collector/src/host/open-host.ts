import { statfs } from 'node:fs/promises';
import { oneAtATime } from '../one-at-a-time.js';
import { createDiskMeter, type DiskFacts } from './disk-meter.js';
import { readKernelFile } from './kernel-files.js';
import { createProcessorMeter, type ProcessorUse, systemCpus } from './processor-meter.js';
import { type MemoryFacts, readMemory, systemMemory } from './read-memory.js';
import { type Pressure, readPressure } from './read-pressure.js';

/** What is known of the machine, or of the part of it that the collector may use. */
export interface HostFacts {
  readonly processors: ProcessorUse | undefined;
  readonly memory: MemoryFacts;
  /** `undefined` if the disk of the data folder does not tell. */
  readonly disk: DiskFacts | undefined;
  readonly pressure: Pressure;
}

/** The host of a collector. */
export interface Host {
  /** Reads everything. It never rejects, and waits for the disk for 2 seconds at most. */
  read(): Promise<HostFacts>;
}

/** How long the disk may take to tell, in milliseconds. */
const DISK_MS = 2000;

/** Opens the host of a collector that keeps its data in a folder. */
export function openHost(folder: string, monotonicMs: () => number): Host {
  const read = readKernelFile;
  const processors = createProcessorMeter({ read, cpus: systemCpus, monotonicMs });
  const disk = createDiskMeter({ statfs: () => statfs(folder), monotonicMs });
  const measureDisk = oneAtATime(async () => disk.measure().catch(() => undefined), DISK_MS);
  return {
    read: async () => ({
      disk: await measureDisk(),
      processors: processors.measure(),
      memory: readMemory({ read, ...systemMemory }),
      pressure: readPressure(read),
    }),
  };
}
