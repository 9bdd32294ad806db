import { expect } from 'vitest';
import { startCluster, startStandby } from '../../postgres/support/cluster.js';
import { installPostgres } from '../../postgres/support/install-postgres.js';
import { startRedis } from '../../postgres/support/start-redis.js';
import { until } from '../../support/until.js';
import { type Scene, type Stage, startOnStage } from './scene.js';

/** The replica of the store ends, and the cache between collectors. */
export async function playSharedStore(stage: Stage): Promise<Scene> {
  installPostgres();
  const primary = await startCluster();
  stage.atEnd(() => primary.stop());
  const standby = await startStandby(primary);
  stage.atEnd(() => standby.stop());
  const redis = await startRedis(stage.atEnd);
  const { clocks, ask, log } = await startOnStage(stage, {
    ...{ store: primary.url, readStore: standby.url, cache: redis.url },
  });
  return {
    ...{ ask, log },
    provoke: async () => {
      await standby.halt();
      await redis.halt();
      expect((await ask('/v1/stats/summary')).status).toBe(200);
      await until('both are known to be away', () =>
        ['the replica does not answer', 'the cache does not help'].every((line) =>
          log().includes(line),
        ),
      );
      clocks.wallMs += 62_000;
    },
    mend: async () => {
      await standby.resume();
      await redis.resume();
      // It is left alone for up to half a minute.
      clocks.monotonicMs += 60_000;
    },
  };
}
