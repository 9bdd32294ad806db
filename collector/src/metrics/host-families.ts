import { type Family, sampleOf, toSeconds } from './family.js';

const shareOf = (percent: number | undefined): number | undefined =>
  percent === undefined ? undefined : percent / 100;

const RESOURCES = ['cpu', 'memory', 'io'] as const;

/** The machine, or what of it the collector may use. */
export const HOST_FAMILIES: readonly Family[] = [
  {
    name: 'host_cpu_used_ratio',
    type: 'gauge',
    help: 'The share of the processors that is used, of those that the collector may use; missing in its first moments.',
    labels: [],
    read: ({ health }) => sampleOf(shareOf(health.host.processors?.percent)),
  },
  {
    name: 'host_memory_used_ratio',
    type: 'gauge',
    help: 'The share of the memory that is used, of what the collector may use.',
    labels: [],
    read: ({ health }) => sampleOf(shareOf(health.host.memory.usedPercent)),
  },
  {
    name: 'host_memory_available_bytes',
    type: 'gauge',
    help: 'What is left of this memory.',
    labels: [],
    read: ({ health }) => sampleOf(health.host.memory.availableBytes),
  },
  {
    name: 'host_memory_size_bytes',
    type: 'gauge',
    help: 'All of this memory: of the machine, or as much as the collector may use.',
    labels: [],
    read: ({ health }) => sampleOf(health.host.memory.totalBytes),
  },
  {
    name: 'host_disk_used_ratio',
    type: 'gauge',
    help: 'The share of the disk of the data folder that is used; missing if the disk does not tell.',
    labels: [],
    read: ({ health }) => sampleOf(shareOf(health.host.disk?.usedPercent)),
  },
  {
    name: 'host_disk_available_bytes',
    type: 'gauge',
    help: 'What is left of this disk.',
    labels: [],
    read: ({ health }) => sampleOf(health.host.disk?.availableBytes),
  },
  {
    name: 'host_disk_full_seconds',
    type: 'gauge',
    help: 'When this disk is full, if it goes on filling as it does, in seconds from now; missing if it does not.',
    labels: [],
    read: ({ health }) => sampleOf(toSeconds(health.host.disk?.fullInMs)),
  },
  {
    name: 'host_disk_size_bytes',
    type: 'gauge',
    help: 'All of this disk.',
    labels: [],
    read: ({ health }) => sampleOf(health.host.disk?.totalBytes),
  },
  {
    name: 'host_pressure_ratio',
    type: 'gauge',
    help: 'The share of the last minute in which something waited for processors, memory or disks, by /proc/pressure; missing where there is none.',
    labels: ['resource'],
    read: ({ health: { host } }) =>
      RESOURCES.flatMap((resource) => sampleOf(shareOf(host.pressure[resource]), { resource })),
  },
];
