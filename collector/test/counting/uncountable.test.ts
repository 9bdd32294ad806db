import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openWriter } from '../../src/sqlite/database.js';
import { fullReport } from '../support/reports.js';
import { startCollector } from '../support/start-collector.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { until } from '../support/until.js';

/** A folder whose journal has entries that wait to be counted, put there as they are. */
async function folderWithEntries(bodies: readonly string[]): Promise<string> {
  const data = temporaryFolder();
  const collector = await startCollector({ data });
  await collector.close();
  const journal = openWriter(join(data, 'journal.db'), { walPages: 1000 });
  const insert = journal.prepare('INSERT INTO entries(body) VALUES (?)');
  for (const body of bodies) insert.run([body]);
  journal.close();
  return data;
}

const entry = (changes: object): string =>
  JSON.stringify({
    format: 1,
    receivedAt: Date.parse('2026-11-22T20:00:00Z'),
    at: null,
    sentAt: null,
    zone: 'UTC',
    project: 'acme',
    uid: Buffer.alloc(16, 1).toString('base64'),
    reportKey: null,
    os: 'Linux',
    version: '1.0.0',
    facts: {},
    event: 'startup',
    fields: {},
    lostTotal: 0,
    ci: false,
    idSource: 'machine',
    idPersisted: true,
    marks: [],
    ...changes,
  });

describe('an entry that cannot be counted', () => {
  it('is set aside and told of; those before and behind it are counted', async () => {
    const data = await folderWithEntries([
      entry({}),
      entry({ uid: 7 }),
      entry({ uid: Buffer.alloc(16, 2).toString('base64') }),
    ]);
    const collector = await startCollector({ data });
    await until('all is counted', async () => {
      return (await collector.get('/stats')).body['total_reports'] === 2;
    });
    expect((await collector.get('/v1/stats/quality')).body).toMatchObject({ uncountable: 1 });
    expect(collector.log()).toContain('counting failed');
    expect((await collector.post('/v1/reports', fullReport())).status).toBe(202);
    expect((await collector.get('/stats')).body).toMatchObject({ total_reports: 3 });
  });

  it('stays for the release that wrote it, where that is a newer one', async () => {
    const data = await folderWithEntries([entry({}), entry({ format: 99 })]);
    const collector = await startCollector({ data });
    await until('it is tried', () => collector.log().includes('counting failed'));
    const { body } = await collector.get('/stats');
    expect(body).toMatchObject({ total_reports: 0, as_of: '2026-11-22T20:00:00.000Z' });
  });
});

describe('losses', () => {
  it('are believed of a user up to a million, so that their sum stays a number', async () => {
    const collector = await startCollector();
    const reports = ['ada', 'bob', 'eve'].map((anonymous_id) =>
      fullReport({ anonymous_id, lost_total: Number.MAX_SAFE_INTEGER }),
    );
    await collector.post('/v1/reports', { reports });
    expect((await collector.get('/v1/stats/summary')).body).toMatchObject({
      total_users: 3,
      reports_lost: 3_000_000,
    });
  });
});
