import { join } from 'node:path';
import Libsql from 'libsql';
import { expect } from 'vitest';
import { bearer, fullReport } from '../../support/reports.js';
import { type Scene, type Stage, startOnStage } from './scene.js';

/** Another program keeps `counts.db` locked, so that nothing is counted and nobody is erased. */
export async function playLockedCounts(stage: Stage): Promise<Scene> {
  const { collector, clocks, ask, log } = await startOnStage(stage);
  const report = async (): Promise<void> => {
    const timestamp = new Date().toISOString();
    const sent = fullReport({ anonymous_id: 'ada', timestamp });
    expect((await collector.post('/v1/reports', sent)).status).toBe(202);
  };
  let other: Libsql.Database | undefined;
  stage.atEnd(() => void other?.close());
  return {
    ...{ ask, log },
    provoke: async () => {
      await report();
      await ask('/stats');
      other = new Libsql(join(collector.data, 'counts.db'));
      other.exec('BEGIN IMMEDIATE');
      expect((await collector.delete('/v1/users/ada?project=acme-cli', bearer())).status).toBe(202);
      await report();
      clocks.wallMs += 25 * 3_600_000;
    },
    mend: () => {
      other?.exec('ROLLBACK');
      return Promise.resolve();
    },
  };
}
