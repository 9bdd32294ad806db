import type { Access } from '../access/access.js';
import { levelFor } from '../access/caller.js';
import { isDirect } from '../access/is-direct.js';
import { atLeast } from '../access/level.js';
import type { App } from '../app-types.js';
import type { NetworkFigures, NetworkMeter } from '../network/network-meter.js';
import type { Durability } from '../rules/durability.js';
import { VERSION } from '../version.js';
import type { Condition } from './conditions.js';
import { COMPONENTS, healthSchema, WARNINGS } from './health-schema.js';
import type { Health, Look } from './watch-health.js';

export interface HealthRouteParts {
  readonly health: Pick<Health, 'look'>;
  readonly network: NetworkMeter;
  readonly access: Pick<Access, 'callerOf'>;
  readonly durability: Durability;
  readonly now: () => Date;
}

/** `GET /health`: whether reports can be taken and counted. */
export function registerHealthRoute(app: App, parts: HealthRouteParts): void {
  const { health, access, network, durability, now } = parts;
  const startedAt = now().getTime();
  app.get(
    '/health',
    {
      schema: {
        summary: 'Whether reports can be taken and counted',
        tags: ['server'],
        response: {
          200: { ...healthSchema, description: 'They can' },
          503: { ...healthSchema, description: 'They cannot: a component is failing' },
        },
      },
      config: { level: 'public' },
    },
    async (request, reply) => {
      const found = await health.look();
      const states = new Map(found.conditions.map(({ name, state }) => [name, state]));
      const isHealthy = COMPONENTS.every((name) => states.get(name) === 'ok');
      const at = now().getTime();
      const mayKnow = atLeast(levelFor(access.callerOf(request), null), 'developer');
      return reply.code(isHealthy ? 200 : 503).send({
        status: isHealthy ? 'healthy' : 'unhealthy',
        timestamp: Math.floor(at / 1000),
        services: Object.fromEntries(
          COMPONENTS.map((name) => [name, states.get(name) === 'ok' ? 'ok' : 'error']),
        ),
        // How busy a machine is tells strangers of projects that are not public.
        ...((mayKnow || isDirect(request.raw)) && { system: describeSystem(found) }),
        ...(mayKnow && describeDetails(found, network.read())),
        ...(mayKnow && {
          uptime_seconds: Math.floor(Math.max(0, at - startedAt) / 1000),
          version: VERSION,
          durability,
        }),
      });
    },
  );
}

const round = (percent: number): number => Math.round(percent * 10) / 10;

function describeSystem({ host: { processors, memory } }: Look) {
  return {
    cpu_percent: round(processors?.percent ?? 0),
    memory_percent: round(memory.usedPercent),
    memory_available: Math.floor(memory.availableBytes),
  };
}

function describeDetails(
  { conditions, facts, host: { pressure } }: Look,
  { bytesIn, bytesOut, errors, openConnections }: NetworkFigures,
) {
  const describe = ({
    name,
    state,
    value,
    unit,
    threshold,
    since,
    reason,
    causes,
    hint,
  }: Condition) => ({
    ...{ state, value, unit, threshold, since, reason, causes, hint },
    ...(name in facts && facts[name as keyof typeof facts]),
  });
  const of = (names: readonly Condition['name'][]) =>
    Object.fromEntries(
      conditions.filter(({ name }) => names.includes(name)).map((one) => [one.name, describe(one)]),
    );
  return {
    components: of(COMPONENTS),
    warnings: of(WARNINGS),
    pressure,
    network: {
      bytes_in: bytesIn,
      bytes_out: bytesOut,
      errors: Object.values(errors).reduce((sum, one) => sum + one),
      open_connections: openConnections,
    },
  };
}
