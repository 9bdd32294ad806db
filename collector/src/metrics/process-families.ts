import { type Family, sampleOf } from './family.js';

/**
 * The process, by the names that Prometheus’s clients use. prom-client's own set also watches
 * garbage collections, and the event loop before anybody asks.
 */
export const PROCESS_FAMILIES: readonly Family[] = [
  {
    name: 'process_cpu_seconds_total',
    type: 'counter',
    help: 'Time of processors that the process has used.',
    labels: [],
    read: () => {
      const { user, system } = process.cpuUsage();
      return sampleOf((user + system) / 1e6);
    },
  },
  {
    name: 'process_resident_memory_bytes',
    type: 'gauge',
    help: 'Memory that the process takes.',
    labels: [],
    read: () => sampleOf(process.memoryUsage.rss()),
  },
  {
    name: 'nodejs_heap_size_used_bytes',
    type: 'gauge',
    help: 'What is used of the heap of the main thread.',
    labels: [],
    read: () => sampleOf(process.memoryUsage().heapUsed),
  },
  {
    name: 'nodejs_heap_size_total_bytes',
    type: 'gauge',
    help: 'The heap of the main thread.',
    labels: [],
    read: () => sampleOf(process.memoryUsage().heapTotal),
  },
  {
    name: 'nodejs_external_memory_bytes',
    type: 'gauge',
    help: 'What objects of the main thread take beside its heap, such as buffers.',
    labels: [],
    read: () => sampleOf(process.memoryUsage().external),
  },
  {
    name: 'nodejs_eventloop_lag_p99_seconds',
    type: 'gauge',
    help: 'How late the main thread was at most in 99 % of the last one to two minutes; missing at the first scrape.',
    labels: [],
    read: ({ loopDelay }) => sampleOf(loopDelay?.p99Seconds),
  },
  {
    name: 'nodejs_eventloop_lag_max_seconds',
    type: 'gauge',
    help: 'How late the main thread was at most in the last one to two minutes; missing at the first scrape.',
    labels: [],
    read: ({ loopDelay }) => sampleOf(loopDelay?.maxSeconds),
  },
  {
    name: 'process_start_time_seconds',
    type: 'gauge',
    help: 'When the collector started.',
    labels: [],
    read: ({ startedAt }) => sampleOf(startedAt.getTime() / 1000),
  },
  {
    name: 'process_open_fds',
    type: 'gauge',
    help: 'Open files and connections; on Linux.',
    labels: [],
    read: ({ openFiles }) => sampleOf(openFiles),
  },
  {
    name: 'nodejs_version_info',
    type: 'gauge',
    help: 'The release of Node.js, always 1.',
    labels: ['version'],
    read: () => sampleOf(1, { version: process.version }),
  },
];
