import { Type } from 'typebox';
import type { App } from '../app-types.js';
import type { Acknowledging } from '../intake/acknowledging.js';
import type { ClockGuard } from '../intake/clock-guard.js';
import type { Probes } from './probes.js';

const statusSchema = Type.Object(
  { status: Type.Union([Type.Literal('ok'), Type.Literal('failing')]) },
  { additionalProperties: false },
);

export interface ProbeRouteParts {
  readonly probes: Pick<Probes, 'journal' | 'data'>;
  readonly acknowledging: Pick<Acknowledging, 'isPossible'>;
  readonly clock: Pick<ClockGuard, 'aheadMs'>;
  /** Whether the collector has begun to close. */
  readonly isClosing: () => boolean;
}

/** `GET /livez` and `GET /readyz`, for what starts and ends processes, and for load balancers. */
export function registerProbeRoutes(app: App, parts: ProbeRouteParts): void {
  const { probes, acknowledging, clock, isClosing } = parts;
  const isReady = async (): Promise<boolean> =>
    !isClosing() && clock.aheadMs() === 0 && acknowledging.isPossible && canStore(probes);
  app.get(
    '/livez',
    {
      schema: {
        summary: 'Whether the process answers',
        tags: ['server'],
        response: { 200: { ...statusSchema, description: 'It does' } },
      },
      config: { level: 'public', credential: 'none', isAnsweredWhileClosing: true },
    },
    () => ({ status: 'ok' as const }),
  );
  app.get(
    '/readyz',
    {
      schema: {
        summary: 'Whether a report can be acknowledged now',
        tags: ['server'],
        response: {
          200: { ...statusSchema, description: 'It can' },
          503: { ...statusSchema, description: 'It cannot; /health says more' },
        },
      },
      config: { level: 'public', credential: 'none', isAnsweredWhileClosing: true },
    },
    async (_request, reply) => {
      const found = await isReady();
      return reply.code(found ? 200 : 503).send({ status: found ? 'ok' : 'failing' });
    },
  );
}

async function canStore({ journal, data }: ProbeRouteParts['probes']): Promise<boolean> {
  const found = await Promise.all([journal(), data()]);
  return found.every(({ reason }) => reason === undefined);
}
