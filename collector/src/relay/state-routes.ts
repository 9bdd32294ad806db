import type { FastifyRequest } from 'fastify';
import type { App } from '../app-types.js';
import { isDirect } from '../access/is-direct.js';
import { isForwarded } from '../access/is-forwarded.js';
import { createProxyTrust } from '../access/client-address.js';
import { ProblemError } from '../errors.js';
import { formatFor } from '../metrics/metrics-route.js';
import type { Metrics } from '../metrics/metrics.js';
import { VERSION } from '../version.js';
import type { RelayFigures } from './examine-forwarding.js';
import type { RelayCondition, RelayHealth } from './watch-relay.js';

export interface StateParts {
  readonly health: Pick<RelayHealth, 'look'>;
  readonly metrics: Metrics;
  readonly figures: () => RelayFigures;
  /** The URL of the collector. */
  readonly to: string;
  /** Addresses and networks that see all, besides this machine. */
  readonly networks: readonly string[];
  readonly now: () => Date;
}

/** `GET /health` and `GET /metrics`. A relay that cannot reach its collector is well: it keeps reports. */
export function registerStateRoutes(app: App, parts: StateParts): void {
  const { health, metrics, now } = parts;
  const startedAt = now().getTime();
  const isKnown = createAsker(parts.networks);

  app.get('/health', async (request, reply) => {
    const conditions = await health.look();
    const components = conditions.filter(({ severity }) => severity === 'critical');
    const isHealthy = components.every(({ state }) => state === 'ok');
    const at = now().getTime();
    return reply.code(isHealthy ? 200 : 503).send({
      status: isHealthy ? 'healthy' : 'unhealthy',
      timestamp: Math.floor(at / 1000),
      services: Object.fromEntries(
        components.map(({ name, state }) => [name, state === 'ok' ? 'ok' : 'error']),
      ),
      // How much waits tells strangers how many people there are.
      ...(isKnown(request) && {
        relay: describe(parts.to, parts.figures(), at),
        components: describeConditions(components),
        warnings: describeConditions(conditions.filter(({ severity }) => severity === 'warning')),
        uptime_seconds: Math.floor(Math.max(0, at - startedAt) / 1000),
        version: VERSION,
      }),
    });
  });
  app.get('/metrics', async (request, reply) => {
    if (!isKnown(request)) {
      const detail = 'Programs on this machine see the metrics, and those in --metrics-networks.';
      throw new ProblemError('token_required', detail);
    }
    const { text, contentType } = await metrics.write(formatFor(request.headers.accept));
    return reply
      .headers({ 'content-type': contentType, 'cache-control': 'no-store', vary: 'accept' })
      .serializer(String)
      .send(text);
  });
}

function createAsker(networks: readonly string[]): (request: FastifyRequest) => boolean {
  const isNamed = createProxyTrust(networks);
  return ({ raw }) =>
    isDirect(raw) ||
    (networks.length > 0 &&
      !isForwarded(raw.headers) &&
      raw.socket.remoteAddress !== undefined &&
      isNamed(raw.socket.remoteAddress));
}

const describeConditions = (conditions: readonly RelayCondition[]) =>
  Object.fromEntries(
    conditions.map(({ name, state, value, unit, threshold, since, reason, hint }) => [
      name,
      { state, value, unit, threshold, since, reason, hint },
    ]),
  );

function describe(to: string, figures: RelayFigures, now: number) {
  const { waiting, held, oldestAt, forwarded, refused, failures, answeredAt, trouble } = figures;
  const moment = (ms: number | null | undefined): string | null =>
    ms === null || ms === undefined ? null : new Date(ms).toISOString();
  return {
    to,
    waiting_reports: waiting,
    held_reports: held,
    oldest_received_at: moment(oldestAt),
    oldest_age_seconds: oldestAt === null ? 0 : Math.max(0, Math.round((now - oldestAt) / 1000)),
    journal_bytes: figures.journalBytes,
    journal_bytes_limit: figures.maxJournalBytes,
    forwarded_reports: forwarded,
    refused_reports: Object.fromEntries<number>(
      refused.map(({ labels, value }) => [labels['code'] ?? 'other', value] as const),
    ),
    failed_requests: failures,
    collector_answered_at: moment(answeredAt),
    failing_since: moment(trouble?.since),
    failing_reason: trouble?.reason ?? null,
  };
}
