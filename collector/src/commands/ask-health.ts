import { readAddress } from '../address-file.js';
import { OPTIONS } from '../config-options.js';
import { dataFolder } from '../data-folder.js';
import { isRecord } from '../is-record.js';
import { type Answer, AskError, request } from './ask-collector.js';
import { findCollector, type FoundCollector, type MeantCollector } from './find-collector.js';

/** A condition as `GET /health` shows it. */
export interface ShownCondition {
  readonly name: string;
  readonly isCritical: boolean;
  readonly state: string;
  readonly value: number | null;
  readonly unit: string | null;
  readonly threshold: number | null;
  readonly reason: string | null;
  readonly hint: string;
}

/** What `GET /health` answers. */
export interface ShownHealth {
  readonly isHealthy: boolean;
  /** The services that do not work. */
  readonly failing: readonly string[];
  /** All conditions; `undefined` if they are not shown to this caller. */
  readonly conditions: readonly ShownCondition[] | undefined;
  /** Since the answer was asked for, in milliseconds. */
  readonly tookMs: number;
  /** The clock of the collector, in milliseconds since 1970. */
  readonly at: number;
  /** Whether it is a relay. */
  readonly isRelay: boolean;
  /** What a relay passes on; `undefined` if it is none, or does not show it to this caller. */
  readonly relay: ShownRelay | undefined;
}

/** What a relay says of the reports in it. */
export interface ShownRelay {
  /** The URL of its collector. */
  readonly to: string;
  readonly waitingReports: number;
  readonly oldestAgeSeconds: number;
}

/**
 * The collector of this machine's service: that of `--url`, else that of the data folder which is
 * named, also in the environment. Another that runs on the machine does not answer for it.
 *
 * @throws `ConfigError` if the folder is none, {@link AskError} if no collector runs on it.
 */
export function findService({ url, data, env }: MeantCollector): FoundCollector {
  const named = data ?? (env[OPTIONS.data.variable] || undefined);
  const found = findCollector({ url, data: named, env });
  if (url !== undefined || named === undefined) return found;
  if (readAddress(dataFolder(named).address) !== undefined) return found;
  // One that listens on an address of the network alone leaves none for this machine.
  const host = env[OPTIONS.host.variable] || undefined;
  const port = env[OPTIONS.port.variable] || String(OPTIONS.port.fallback);
  if (host !== undefined && !['0.0.0.0', '::'].includes(host)) {
    return { ...found, url: `http://${host.includes(':') ? `[${host}]` : host}:${port}` };
  }
  throw new AskError(
    `No collector runs on the data folder ${dataFolder(named).path}: it has left no address there. ` +
      'Start it, or name it with --url.',
  );
}

/**
 * Asks a collector how it is. The token is sent at once, since the answer without it has less.
 *
 * @throws {@link AskError} if it does not answer in time, or not as a collector does.
 */
export async function askHealth(
  { url, token, fingerprint }: FoundCollector,
  answerWithinMs: number,
): Promise<ShownHealth> {
  const startedAt = performance.now();
  const signal = AbortSignal.timeout(answerWithinMs);
  const question = { url, path: '/health', token, fingerprint, answerWithinMs, signal };
  const first = await request(question, token);
  // A token of another collector must not make this one look ill.
  const isRefused = token !== undefined && (first.status === 401 || first.status === 403);
  const answer = isRefused ? await request(question) : first;
  const tookMs = performance.now() - startedAt;
  const shown = readHealth(answer);
  if (shown !== undefined) return { ...shown, tookMs };
  if (answer.status >= 500) {
    throw new AskError(
      `${url} answered ${answer.status}, and not as a collector does: a proxy may not reach it. ` +
        'Look whether the collector runs, and where the proxy sends requests.',
    );
  }
  throw new AskError(
    `What answers at ${url} is no Headcount collector, or an older one (status ${answer.status}). ` +
      'Name the collector with --url.',
    NO_HEALTH,
  );
}

/** The code of an error that is about the wrong server. */
export const NO_HEALTH = 'no_health';

function readHealth({ status, body }: Answer): Omit<ShownHealth, 'tookMs'> | undefined {
  const { services, components, warnings, timestamp } = body ?? {};
  if (!isRecord(services) || typeof timestamp !== 'number') return undefined;
  const conditions = [...readConditions(components, true), ...readConditions(warnings, false)];
  return {
    isHealthy: status === 200 && body?.['status'] === 'healthy',
    failing: Object.keys(services).filter((name) => services[name] !== 'ok'),
    conditions: isRecord(components) ? conditions : undefined,
    at: timestamp * 1000,
    // A relay counts nothing.
    isRelay: !Object.hasOwn(services, 'counting'),
    relay: readRelay(body?.['relay']),
  };
}

function readRelay(value: unknown): ShownRelay | undefined {
  if (!isRecord(value)) return undefined;
  const { to, waiting_reports: waitingReports, oldest_age_seconds: oldestAgeSeconds } = value;
  if (typeof to !== 'string' || !URL.canParse(to)) return undefined;
  if (typeof waitingReports !== 'number' || typeof oldestAgeSeconds !== 'number') return undefined;
  return { to, waitingReports, oldestAgeSeconds };
}

function readConditions(value: unknown, isCritical: boolean): ShownCondition[] {
  if (!isRecord(value)) return [];
  const numberOf = (one: unknown): number | null => (typeof one === 'number' ? one : null);
  const textOf = (one: unknown): string | null => (typeof one === 'string' ? one : null);
  return Object.entries(value).flatMap(([name, one]) =>
    isRecord(one)
      ? [
          {
            ...{ name, isCritical, state: String(one['state']) },
            ...{ value: numberOf(one['value']), threshold: numberOf(one['threshold']) },
            ...{ unit: textOf(one['unit']), reason: textOf(one['reason']) },
            hint: textOf(one['hint']) ?? '',
          },
        ]
      : [],
  );
}
