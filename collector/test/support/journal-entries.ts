import { join } from 'node:path';
import { openWriter } from '../../src/sqlite/database.js';
import { startCollector } from './start-collector.js';
import { temporaryFolder } from './temporary-folder.js';

/** A folder whose journal has entries that wait to be counted, put there as they are. */
export async function folderWithEntries(bodies: readonly string[]): Promise<string> {
  const data = temporaryFolder();
  const collector = await startCollector({ data });
  await collector.close();
  const journal = openWriter(join(data, 'journal.db'), { walPages: 1000 });
  const insert = journal.prepare('INSERT INTO entries(body) VALUES (?)');
  for (const body of bodies) insert.run([body]);
  journal.close();
  return data;
}

/** A report as the journal holds it. */
export const entry = (changes: object): string =>
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
