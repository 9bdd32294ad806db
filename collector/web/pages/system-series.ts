import type { TimeSeries } from '../charts/time-series.js';
import type { Language } from '../language/language.js';
import type { PerformanceRow, SystemContent } from '../page/system-content.js';

/** Lines over time, and how their values are written. */
export interface SystemSeries {
  readonly series: TimeSeries;
  readonly valueText: (value: number) => string;
  readonly isLogarithmic: boolean;
}

type Read = (row: PerformanceRow) => number | null;

interface Line {
  readonly key: string;
  readonly name: string;
  readonly slot: 1 | 3;
  readonly read: Read;
}

/** How the collector performed: the answer time first, then its load. */
export function systemSeries(content: SystemContent, language: Language): SystemSeries[] {
  const { performance, timezone, span } = content;
  if (performance === null) return [];
  const { texts, formats } = language;
  const { system } = texts;
  const moments = performance.map(({ start }) => start);
  // Rows of a day are days of UTC, whatever the zone.
  const zone = span === '90d' ? 'UTC' : timezone;
  const make = (
    id: string,
    name: string,
    lines: readonly Line[],
    valueText: SystemSeries['valueText'],
  ): SystemSeries => ({
    valueText,
    isLogarithmic: id === 'answer-time',
    series: {
      ...{ id, name, moments, zone },
      lines: lines.map(({ read, ...line }) => ({ ...line, values: performance.map(read) })),
    },
  });
  const percentText = (percent: number): string => formats.share(percent / 100);
  const rateText = (rate: number): string => system.perSecond(formats.number(rate));
  return [
    make(
      'answer-time',
      system.answer,
      [
        { key: 'latency_p99_ms', name: 'p99', slot: 3, read: (row) => row.p99Ms },
        { key: 'latency_p50_ms', name: 'p50', slot: 1, read: (row) => row.p50Ms },
      ],
      (ms) => formats.milliseconds(ms),
    ),
    make(
      'requests',
      system.requests,
      [
        {
          ...{ key: 'requests_per_second', name: system.requestsKey, slot: 3 },
          read: (row) => row.requestsPerSecond,
        },
        {
          ...{ key: 'reports_per_second', name: system.reportsKey, slot: 1 },
          read: (row) => row.reportsPerSecond,
        },
      ],
      rateText,
    ),
    make(
      'processor',
      system.cpuLine,
      [
        {
          ...{ key: 'cpu_max_percent', name: system.busiest, slot: 3 },
          read: (row) => row.cpuMaxPercent,
        },
        { key: 'cpu_percent', name: system.mean, slot: 1, read: (row) => row.cpuPercent },
      ],
      percentText,
    ),
    make(
      'memory',
      system.memoryLine,
      [
        {
          ...{ key: 'memory_max_bytes', name: system.memoryLine, slot: 1 },
          read: (row) => row.memoryBytes,
        },
      ],
      (bytes) => formats.bytes(bytes),
    ),
    make(
      'errors',
      system.errorsLine,
      [
        {
          ...{ key: 'errors', name: system.errorsLine, slot: 3 },
          read: (row) => (row.isCovered ? row.errors : null),
        },
      ],
      (n) => formats.number(n),
    ),
  ];
}
