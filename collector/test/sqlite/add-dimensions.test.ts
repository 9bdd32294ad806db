import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openWriter } from '../../src/sqlite/database.js';
import { createCountsV4, NOW_V4 } from '../support/counts-v4.js';
import { bearer, fullReport } from '../support/reports.js';
import { startCollector } from '../support/start-collector.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const TOKEN = 'the-administrator-of-tests';
const NEW = ['channel', 'level', 'country'];

describe('counts of a release without channel, level and country', () => {
  const start = (data = temporaryFolder(), now = () => NOW_V4) => {
    createCountsV4(data);
    return startCollector({ data, adminToken: TOKEN, now });
  };

  // In the counts of that release, nobody had an agent: all had the value unknown, on all days.
  it('have everybody as unknown, on every day and in every window', async () => {
    const data = temporaryFolder();
    const collector = await start(data);
    for (const name of NEW) {
      for (const days of [1, 7, 28]) {
        const of = async (dimension: string) =>
          (
            await collector.get(
              `/v1/stats/breakdown?dimension=${dimension}&project=acme-cli&window=${days}d`,
              bearer(TOKEN),
            )
          ).body['rows'];
        expect(await of(name)).toEqual(await of('agent'));
        expect(await of(name)).not.toEqual([]);
      }
    }
    await collector.close();
    const db = openWriter(join(data, 'counts.db'), { walPages: 1000 });
    onTestFinished(() => db.close());
    const gapsOf = (name: string) =>
      db
        .prepare(
          `SELECT project_id, value, day, gap, n FROM value_gaps JOIN dims ON dims.id = value_id
           WHERE dim = ? ORDER BY project_id, value, day, gap`,
        )
        .all([name]);
    expect(gapsOf('agent')).not.toEqual([]);
    for (const name of NEW) expect(gapsOf(name)).toEqual(gapsOf('agent'));
  });

  it('keep the past unknown when a person’s next report has them', async () => {
    let now = NOW_V4;
    const collector = await start(temporaryFolder(), () => now);
    now = new Date(now.getTime() + 86_400_000);
    const timestamp = now.toISOString();
    await collector.post('/v1/reports', {
      reports: [fullReport({ anonymous_id: 'ada', timestamp })],
    });
    const { body } = await collector.get('/v1/users/ada?project=acme-cli', bearer(TOKEN));
    expect(body['counted_as']).toMatchObject([
      { until: '2026-11-19', facts: { channel: 'unknown', level: 'unknown' } },
      { until: '2026-11-20', facts: { channel: 'npm', level: 'full' } },
    ]);
  });
});
