import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openWriter } from '../../src/sqlite/database.js';
import { migrate } from '../../src/sqlite/migrate.js';
import { COUNTS_SCHEMA } from '../../src/store/sqlite/migrations/counts-schema.js';
import { withToken } from '../support/admin-token.js';
import { createCountsV2 } from '../support/counts-v2.js';
import { createCountsV4 } from '../support/counts-v4.js';
import { reportVisits } from '../support/report-visits.js';
import { startCollector } from '../support/start-collector.js';
import { temporaryFolder } from '../support/temporary-folder.js';

/** Brings counts to an older schema than the present one, as its release left them. */
function bringTo(data: string, schema: number): void {
  const db = openWriter(join(data, 'counts.db'), { walPages: 1000 });
  const migrations = COUNTS_SCHEMA.migrations.slice(0, schema);
  migrate(db, { ...COUNTS_SCHEMA, migrations }, Date.parse('2026-11-20T00:00:00Z'));
  db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  db.close();
}

/** The first is that of the fixture. The last is the one before it was kept what reports say. */
const BROUGHT_FROM_2 = [2, 7, 11];

describe('people by event and field, counted on', () => {
  it.each<[string, (data: string) => void]>([
    ...BROUGHT_FROM_2.map((schema): [string, (data: string) => void] => [
      `schema ${schema}`,
      (data) => {
        createCountsV2(data);
        bringTo(data, schema);
      },
    ]),
    ['the schema 4 that was killed while it counted', createCountsV4],
  ])('%s, are known from the first whole day after the upgrade', async (_name, create) => {
    const data = temporaryFolder();
    create(data);
    let now = new Date('2026-11-22T21:00:00Z');
    const collector = await startCollector({ data, now: () => now });
    const breakdown = async (dimension: string, query = '') => {
      const url = `/v1/stats/breakdown?project=acme-cli&metric=people&dimension=${dimension}${query}`;
      const { body } = await collector.get(url);
      const rows = body['rows'] as { value: string; count: number }[];
      return { since: body['people_since'], rows: rows.map(({ value, count }) => [value, count]) };
    };
    const visit = async (user: string, at: string): Promise<void> =>
      reportVisits(collector, [{ user, at, event: 'build', fields: { bundler: 'vite' } }]);
    const known = { since: '2026-11-23', rows: [] };
    expect(await breakdown('field:build.bundler', '&window=28d')).toEqual(known);
    await visit('new-here', '2026-11-22');
    now = new Date('2026-11-24T21:00:00Z');
    await visit('new-here', '2026-11-24');
    await visit('another', '2026-11-24');
    // Of these days everything is known, of the week before them it is not.
    const rows = [['vite', 2]];
    expect(await breakdown('field:build.bundler', '&window=1d')).toEqual({ rows });
    expect(await breakdown('field:build.bundler', '&window=7d')).toEqual({ ...known, rows });
    expect(await breakdown('event', '&window=1d')).toEqual({ rows: [['build', 2]] });
    const series = '/v1/stats/timeseries?project=acme-cli&group_by=event&to=2026-11-24&from=';
    const since = async (from: string) =>
      (await collector.get(`${series}${from}`)).body['people_since'];
    expect([await since('2026-11-22'), await since('2026-11-23')]).toEqual([
      '2026-11-23',
      undefined,
    ]);
    const { body } = await collector.get('/v1/users/new-here?project=acme-cli', withToken());
    expect(body['events']).toEqual([
      { dimension: 'event', value: 'build', days: ['2026-11-22', '2026-11-24'] },
      { dimension: 'field:build.bundler', value: 'vite', days: ['2026-11-22', '2026-11-24'] },
    ]);
    const { text } = await collector.get('/v1/export?what=events', withToken());
    expect(text.split('\n').filter((row) => row.includes('build'))).toHaveLength(6);
  });
});
