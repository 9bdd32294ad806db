import { fullReport } from '../../support/reports.js';
import { type Scene, type Stage, startOnStage } from './scene.js';

const DAY_MS = 86_400_000;

/** The machine's clock jumps ahead, and is put right. */
export async function playJumpedClock(stage: Stage): Promise<Scene> {
  const { collector, clocks, ask, log } = await startOnStage(stage, {
    maxClockJumpMs: 30 * DAY_MS,
  });
  const move = (byMs: number): Promise<void> => {
    clocks.wallMs += byMs;
    return Promise.resolve();
  };
  return {
    ...{ ask, log },
    provoke: async () => {
      const timestamp = new Date().toISOString();
      await collector.post('/v1/reports', fullReport({ timestamp }));
      await move(4000 * DAY_MS);
    },
    mend: () => move(-4000 * DAY_MS),
  };
}
