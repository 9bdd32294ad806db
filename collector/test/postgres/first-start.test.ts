import { copyFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { fullReport } from '../support/reports.js';
import { startCollector } from '../support/start-collector.js';
import { startProcess } from '../support/start-process.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { until } from '../support/until.js';
import { temporarySchema } from './support/temporary-schema.js';

describe('the first start on a store', () => {
  const undo: (() => void | Promise<void>)[] = [];
  let store: string;
  let pepper: string;
  beforeAll(async () => {
    store = await temporarySchema((step) => void undo.unshift(step));
    const atEnd = (step: () => void | Promise<void>): void => void undo.unshift(step);
    const first = await startCollector({ store }, atEnd);
    await first.post('/v1/reports', { reports: [fullReport()] });
    pepper = join(first.data, 'pepper');
    return async () => {
      for (const step of undo) await step();
    };
  });

  it('is refused to a folder with counts of its own, which says how they come along', async () => {
    const data = temporaryFolder();
    const alone = await startCollector({ data });
    await alone.post('/v1/reports', { reports: [fullReport(), fullReport()] });
    await until('they are counted', async () => {
      const { body } = await alone.get('/v1/stats/summary?project=acme-cli');
      return body['total_reports'] === 2;
    });
    await alone.close();
    const own = await temporarySchema();
    await expect(startCollector({ data, store: own })).rejects.toThrow(
      `headcount-collector move --to store --data ${data}`,
    );
    const again = await startCollector({ data });
    expect((await again.get('/v1/stats/summary?project=acme-cli')).body['total_reports']).toBe(2);
  });

  it('of a second collector needs the pepper of the first, and says where to put it', async () => {
    const data = temporaryFolder();
    await expect(startCollector({ data, store })).rejects.toThrow(
      `copy the file pepper of the first into ${data}`,
    );
    copyFileSync(pepper, join(data, 'pepper'));
    // A clock that is not that of the store is warned of.
    const second = await startCollector({ data, store, now: () => new Date() });
    const warnings = second
      .log()
      .split('\n')
      .filter((line) => line.includes('"level":"warn"'));
    // The server of the tests writes nothing to its disk.
    expect(warnings).toEqual([expect.stringContaining('the server of --store has fsync = off')]);
    await second.close();
    rmSync(join(data, 'journal.db'));
    for (const name of ['projects.json', 'manifests'])
      rmSync(join(data, name), { recursive: true });
    const again = await startCollector({ data, store });
    expect(again.log()).toContain('there is no journal beside the counts');
    // The store has what is set.
    expect(again.log()).not.toContain('is missing');
  });

  it.each(['standby', 'prefer-standby', 'read-only'])(
    'refuses a replica by target_session_attrs=%s, which nothing would look for',
    async (target) => {
      const address = `${inject('postgresUrl')}?target_session_attrs=${target}`;
      const args = ['serve', '--port', '0', '--data', temporaryFolder()];
      const env = { HEADCOUNT_STORE: store, HEADCOUNT_READ_STORE: address };
      const { ended, stderr } = await startProcess(args, env);
      expect(await ended).toBe(1);
      expect(stderr()).toContain(`target_session_attrs=${target} in --read-store`);
      expect(stderr()).toContain('Name the replica alone');
    },
  );
});
