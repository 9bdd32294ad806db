import type { Cause } from './cause.js';
import type { SystemLogs } from './system-logs.js';

/** `/p/{project}/system`: how the collector itself goes. What the caller may not know is `null`. */
export interface SystemContent {
  readonly page: 'system';
  readonly span: SystemSpan;
  /** The zone of all times on the page. */
  readonly timezone: string;
  readonly health: SystemHealth;
  readonly machine: Machine | null;
  readonly jobs: readonly SystemJob[] | null;
  readonly backup: BackupState | null;
  readonly files: readonly DatabaseFile[] | null;
  readonly performance: readonly PerformanceRow[] | null;
  readonly logs: SystemLogs | null;
  /** What could not be read, though the caller may know it. */
  readonly unread: readonly UnreadPart[];
}

/** Parts of the page that can fail each by itself. */
export const UNREAD_PARTS = ['figures', 'performance', 'logs'] as const;

export type UnreadPart = (typeof UNREAD_PARTS)[number];

/** How far back the lines of performance go. */
export const SYSTEM_SPANS = ['1h', '24h', '7d', '90d'] as const;

export type SystemSpan = (typeof SYSTEM_SPANS)[number];

export interface SystemHealth {
  readonly isHealthy: boolean;
  readonly parts: readonly HealthPart[];
  readonly uptimeSeconds: number | null;
  readonly version: string | null;
}

/** Something that can be wrong. */
export interface HealthPart {
  readonly name: string;
  readonly state: 'ok' | 'warning' | 'failing';
  /** Whether reports are not taken or not counted if it fails. */
  readonly isCritical: boolean;
  readonly value: number | null;
  readonly unit: 'percent' | 'bytes' | 'seconds' | 'milliseconds' | 'count' | null;
  readonly threshold: number | null;
  /** In ISO 8601; `null` if the caller may not know it. */
  readonly since: string | null;
  /** What is wrong; empty if nothing is, or the caller may not know it. */
  readonly causes: readonly Cause[];
  /** The address of its paragraph in the documentation. */
  readonly link: string | null;
}

/** What the collector uses of what it may use. */
export interface Machine {
  readonly cpuPercent: number;
  readonly memoryPercent: number;
  readonly memoryAvailableBytes: number;
  readonly diskPercent: number | null;
  readonly diskAvailableBytes: number | null;
  /** How late the main thread was at most in 99 % of the last minute or two. */
  readonly loopDelayMs: number | null;
  /** The most memory that the process takes. */
  readonly processBytes: number | null;
  readonly openConnections: number;
}

/** Work that the collector does again and again. Moments are in ISO 8601. */
export interface SystemJob {
  readonly name: string;
  readonly state: 'waiting' | 'running' | 'failed';
  readonly succeededAt: string | null;
  readonly failedAt: string | null;
  readonly tookMs: number | null;
}

export interface BackupState {
  readonly succeededAt: string | null;
  readonly failedAt: string | null;
  /** `null` if no regular backups are made. */
  readonly everySeconds: number | null;
}

export interface DatabaseFile {
  readonly name: string;
  readonly bytes: number;
}

/** How the collector performed in an interval; `null` while it did not run. */
export interface PerformanceRow {
  readonly start: string;
  readonly isCovered: boolean;
  readonly requestsPerSecond: number | null;
  readonly reportsPerSecond: number | null;
  readonly errors: number;
  readonly p50Ms: number | null;
  readonly p99Ms: number | null;
  readonly cpuPercent: number | null;
  readonly cpuMaxPercent: number | null;
  readonly memoryBytes: number | null;
}
