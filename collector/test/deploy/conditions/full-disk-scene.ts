import { fullReport } from '../../support/reports.js';
import { until } from '../../support/until.js';
import { mountSmallDisk } from '../../support/small-disk.js';
import { type Scene, type Stage, startOnStage } from './scene.js';

const MIB = 1024 ** 2;
const HOUR_MS = 3_600_000;

/** The disk of the data folder fills up, and is full. */
export async function playFullDisk(stage: Stage): Promise<Scene> {
  const disk = mountSmallDisk(64, stage.atEnd);
  const { collector, clocks, logger, ask, log } = await startOnStage(stage, { data: disk.path });
  const report = async (): Promise<number> => {
    const timestamp = new Date().toISOString();
    return (await collector.post('/v1/reports', fullReport({ timestamp }))).status;
  };
  let filling: NodeJS.Timeout | undefined;
  stage.atEnd(() => clearInterval(filling));
  return {
    ...{ ask, log },
    provoke: async () => {
      await ask('/health');
      disk.fill(12 * MIB);
      clocks.monotonicMs += HOUR_MS + 1000;
      await ask('/health');
      // What the collector gives back is taken at once, as by a program that goes on writing.
      filling = setInterval(() => disk.fill(), 50);
      await until('no report is taken', async () => (await report()) === 507);
      // The collector logs an error of one kind once a minute, and no test waits for twelve minutes.
      for (let n = 0; n < 12; n++) logger.error({ source: 'test' }, `part ${n} failed`);
    },
    mend: async () => {
      clearInterval(filling);
      disk.makeRoom();
      clocks.monotonicMs += 20 * HOUR_MS;
      await until('reports are taken', async () => (await report()) === 202);
    },
  };
}
