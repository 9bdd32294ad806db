import { Type } from 'typebox';
import type { Access } from '../access/access.js';
import { levelFor } from '../access/caller.js';
import { atLeast } from '../access/level.js';
import type { App } from '../app-types.js';
import type { Counting } from '../counting/counting.js';
import { type ComponentHealth, examineCounting } from './examine-counting.js';
import { countsHealth, examineWarnings, type WarningParts } from './examine-warnings.js';
import type { ClockGuard } from '../intake/clock-guard.js';
import type { Journal } from '../journal/journal.js';
import { DAY_MS } from '../rules/day.js';
import type { StoreReader } from '../store/store.js';
import { VERSION } from '../version.js';

const status = Type.Union([Type.Literal('ok'), Type.Literal('failing')]);
const component = Type.Object(
  { status, reason: Type.Optional(Type.String()) },
  { additionalProperties: false },
);
/** A part that can be in trouble while reports are still taken and counted. */
const warned = {
  status: Type.Union([Type.Literal('ok'), Type.Literal('warning')]),
  reason: Type.Optional(Type.String()),
};
const moment = Type.Union([Type.String({ format: 'date-time' }), Type.Null()]);

/** The answer to `GET /health`, with status 200 or 503. */
export const healthSchema = Type.Object(
  {
    status,
    components: Type.Optional(
      Type.Object(
        {
          journal: component,
          counting: component,
          store: component,
          data: component,
          clock: component,
        },
        {
          additionalProperties: false,
          description: 'With a token of the level developer or above',
        },
      ),
    ),
    backup: Type.Optional(
      Type.Object(
        {
          ...warned,
          last_success_at: moment,
          last_failure_at: moment,
          every_seconds: Type.Union([Type.Number(), Type.Null()], {
            description: 'null: no regular backups are made',
          }),
        },
        {
          additionalProperties: false,
          description: 'Backups, and the folders that have them; like components',
        },
      ),
    ),
    proxy: Type.Optional(
      Type.Object(warned, {
        additionalProperties: false,
        description: 'Whether the clients behind proxies can be told apart; like components',
      }),
    ),
    restore: Type.Optional(
      Type.Object(warned, {
        additionalProperties: false,
        description: 'Whether restores have lost something in the last 7 days; like components',
      }),
    ),
    ...countsHealth,
    log: Type.Optional(
      Type.Object(
        {
          ...warned,
          dropped_lines: Type.Integer({
            minimum: 0,
            description: 'Lines that could not be written since the last one that was',
          }),
          dropped_since: moment,
        },
        { additionalProperties: false, description: 'The log on stdout; like components' },
      ),
    ),
    uptime_seconds: Type.Optional(Type.Number({ minimum: 0, description: 'Like components' })),
    version: Type.Optional(Type.String({ description: 'Like components' })),
  },
  { additionalProperties: false },
);

/** `GET /health`: whether reports can be taken and counted. */
export function registerHealthRoute(app: App, parts: HealthRouteParts): void {
  const startedAt = parts.now().getTime();
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
      const components = await examine(parts);
      const isOk = Object.values(components).every((part) => part.status === 'ok');
      const uptimeMs = Math.max(0, parts.now().getTime() - startedAt);
      const details = {
        components,
        ...examineWarnings(parts),
        uptime_seconds: Math.floor(uptimeMs / 1000),
        version: VERSION,
      };
      const mayKnow = atLeast(levelFor(parts.access.callerOf(request), null), 'developer');
      return reply.code(isOk ? 200 : 503).send({
        status: isOk ? 'ok' : 'failing',
        ...(mayKnow && details),
      });
    },
  );
}

const statusSchema = Type.Object({ status }, { additionalProperties: false });

/** `GET /livez` and `GET /readyz`, for what starts and ends processes, and for load balancers. */
export function registerProbeRoutes(app: App, parts: HealthParts): void {
  app.get(
    '/livez',
    {
      schema: {
        summary: 'Whether the process answers',
        tags: ['server'],
        response: { 200: { ...statusSchema, description: 'It does' } },
      },
      config: { level: 'public', credential: 'none' },
    },
    () => ({ status: 'ok' as const }),
  );
  app.get(
    '/readyz',
    {
      schema: {
        summary: 'Whether a report can be stored now',
        tags: ['server'],
        response: {
          200: { ...statusSchema, description: 'It can' },
          503: { ...statusSchema, description: 'It cannot; /health says more' },
        },
      },
      config: { level: 'public', credential: 'none' },
    },
    async (_request, reply) => {
      const { journal, data, clock } = await examine(parts);
      const isReady = [journal, data, clock].every((part) => part.status === 'ok');
      return reply.code(isReady ? 200 : 503).send({ status: isReady ? 'ok' : 'failing' });
    },
  );
}

export interface HealthRouteParts extends HealthParts, WarningParts {
  readonly access: Pick<Access, 'callerOf'>;
}

export interface HealthParts {
  readonly journal: Pick<Journal, 'probe'>;
  readonly counting: Pick<Counting, 'behindSince' | 'failure' | 'isAlive'>;
  readonly store: Pick<StoreReader, 'probe'>;
  readonly clock: Pick<ClockGuard, 'aheadMs'>;
  /** @throws If nothing can be written to the data folder. */
  readonly probeData: () => void;
  readonly now: () => Date;
}

const PROBE_MS = 2000;

/** The parts that are examined. */
export type Component = 'journal' | 'counting' | 'store' | 'data' | 'clock';

/**
 * Probes all parts at the same time.
 *
 * @param limitMs - How long a part may take to answer, in milliseconds.
 */
export async function examine(
  parts: HealthParts,
  limitMs = PROBE_MS,
): Promise<Record<Component, ComponentHealth>> {
  const { journal, counting, store, probeData, now, clock } = parts;
  const [journalHealth, storeHealth, dataHealth] = await Promise.all([
    probe('The journal', limitMs, () => journal.probe()),
    probe('The store', limitMs, () => store.probe()),
    probe('The data folder', limitMs, probeData),
  ]);
  return {
    journal: journalHealth,
    counting: examineCounting(counting, now()),
    store: storeHealth,
    data: dataHealth,
    clock: examineClock(clock.aheadMs()),
  };
}

function examineClock(aheadMs: number): ComponentHealth {
  if (aheadMs === 0) return { status: 'ok' };
  return {
    status: 'failing',
    reason:
      `The clock jumped ${Math.round(aheadMs / DAY_MS)} days ahead, and reports are refused. ` +
      'Put it right; if it is right, restart the collector.',
  };
}

async function probe(name: string, limitMs: number, run: () => unknown): Promise<ComponentHealth> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<ComponentHealth>((resolve) => {
    const reason = `${name} has not answered within ${limitMs} ms.`;
    timer = setTimeout(() => resolve({ status: 'failing', reason }), limitMs);
  });
  const attempt = async (): Promise<ComponentHealth> => {
    try {
      await run();
      return { status: 'ok' };
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : '';
      return { status: 'failing', reason: `${name} does not work${code}.` };
    }
  };
  try {
    return await Promise.race([attempt(), timeout]);
  } finally {
    clearTimeout(timer);
  }
}
