import type {
  BackupState,
  HealthPart,
  Machine,
  SystemHealth,
} from '../../../web/page/system-content.js';
import { type ConditionName, CONDITIONS, linkOf } from '../../health/conditions.js';
import type { Ask } from '../ask-as-caller.js';
import { RefusedError } from '../gather.js';
import type { MetricSamples } from '../read-metrics.js';

/** A condition in the answer to `GET /health`. */
interface Condition {
  readonly state: HealthPart['state'];
  readonly value: number | null;
  readonly unit: HealthPart['unit'];
  readonly threshold: number | null;
  readonly since: string;
  readonly causes: HealthPart['causes'];
}

interface BackupCondition extends Condition {
  readonly last_success_at: string | null;
  readonly last_failure_at: string | null;
  readonly every_seconds: number | null;
}

/** The answer to `GET /health`; callers who may know little do not get all of it. */
export interface HealthAnswer {
  readonly status: 'healthy' | 'unhealthy';
  readonly services: Readonly<Record<string, 'ok' | 'error'>>;
  readonly system?: {
    readonly cpu_percent: number;
    readonly memory_percent: number;
    readonly memory_available: number;
  };
  readonly components?: Readonly<Record<string, Condition>>;
  readonly warnings?: Readonly<Record<string, Condition>> & { readonly backup: BackupCondition };
  readonly network?: { readonly open_connections: number };
  readonly uptime_seconds?: number;
  readonly version?: string;
}

/** Asks for the health, which is answered also where it is bad. */
export async function askHealth(ask: Ask): Promise<HealthAnswer> {
  const answer = await ask('/health');
  if (!answer.ok && answer.body === undefined) throw new RefusedError(answer);
  // The route's schema says so, and its answers are of this process.
  return answer.body as HealthAnswer;
}

/** Shapes the health: its details for those who get them, otherwise whether each part works. */
export function toHealth(answer: HealthAnswer): SystemHealth {
  const { components, warnings } = answer;
  return {
    isHealthy: answer.status === 'healthy',
    parts:
      components === undefined
        ? Object.entries(answer.services).map(([name, state]) => toBarePart(name, state))
        : Object.entries({ ...components, ...warnings }).map(([name, one]) => toPart(name, one)),
    uptimeSeconds: answer.uptime_seconds ?? null,
    version: answer.version ?? null,
  };
}

const toBarePart = (name: string, state: 'ok' | 'error'): HealthPart => ({
  name,
  state: state === 'ok' ? 'ok' : 'failing',
  isCritical: true,
  ...{ value: null, unit: null, threshold: null, since: null, causes: [], link: null },
});

function toPart(name: string, { state, value, unit, threshold, since, causes }: Condition) {
  const known = isCondition(name) ? name : undefined;
  return {
    ...{ name, state, value, unit, threshold, since, causes },
    isCritical: known !== undefined && CONDITIONS[known].severity === 'critical',
    link: known === undefined ? null : linkOf(known),
  };
}

const isCondition = (name: string): name is ConditionName => Object.hasOwn(CONDITIONS, name);

export function machineOf(
  { system, warnings, network }: HealthAnswer,
  metrics: MetricSamples,
): Machine | null {
  // Without a token, programs on the same machine get it too: a page goes out into the world.
  if (system === undefined || warnings === undefined) return null;
  const read = (name: string): number | null => metrics.get(name)?.[0]?.value ?? null;
  const loopDelaySeconds = read('nodejs_eventloop_lag_p99_seconds');
  return {
    cpuPercent: system.cpu_percent,
    memoryPercent: system.memory_percent,
    memoryAvailableBytes: system.memory_available,
    diskPercent: warnings['disk']?.value ?? null,
    diskAvailableBytes: read('headcount_host_disk_available_bytes'),
    loopDelayMs: loopDelaySeconds === null ? null : loopDelaySeconds * 1000,
    processBytes: read('process_resident_memory_bytes'),
    openConnections: network?.open_connections ?? 0,
  };
}

export function backupOf({ warnings }: HealthAnswer): BackupState | null {
  if (warnings === undefined) return null;
  const { last_success_at, last_failure_at, every_seconds } = warnings.backup;
  return {
    succeededAt: last_success_at,
    failedAt: last_failure_at,
    everySeconds: every_seconds,
  };
}
