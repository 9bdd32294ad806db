import { copyFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { openWriter } from '../../src/sqlite/database.js';
import { journalEmpty } from '../support/copy-data.js';
import { bearer, fullReport, reportId } from '../support/reports.js';
import { startCollector, type TestCollector } from '../support/start-collector.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const TOKEN = 'the-administrator-of-tests';
const people = (count: number) =>
  Array.from({ length: count }, () => fullReport({ anonymous_id: reportId() }));

async function send(collector: TestCollector, count: number): Promise<void> {
  const { status } = await collector.post('/v1/reports', { reports: people(count) });
  expect(status).toBe(202);
}

async function sendAndCount(collector: TestCollector, count: number): Promise<void> {
  await send(collector, count);
  await collector.get('/stats');
  await journalEmpty(collector.data);
}

/** The folder of a collector that runs: some reports are counted, others are in its journal only. */
async function running(restarts: boolean, undo: (() => unknown)[]): Promise<string> {
  const atEnd = (step: () => unknown) => undo.unshift(step);
  const data = temporaryFolder(atEnd);
  if (restarts) {
    const before = await startCollector({ data, adminToken: TOKEN }, atEnd);
    await sendAndCount(before, 20);
    await before.close();
  }
  const collector = await startCollector({ data, adminToken: TOKEN, now: () => new Date() }, atEnd);
  await sendAndCount(collector, restarts ? 20 : 40);
  const outage = openWriter(join(data, 'counts.db'), { walPages: 1000 });
  outage.exec('BEGIN IMMEDIATE');
  undo.unshift(() => outage.exec('ROLLBACK'));
  await send(collector, 10);
  return data;
}

const ACKNOWLEDGED = 50;
const FILES = ['counts.db', 'counts.db-wal', 'journal.db', 'journal.db-wal'] as const;
const OTHERS = ['pepper', 'erasures', 'tokens.json', 'clean'] as const;

/** All ways to choose from some names. */
function subsets(names: readonly string[]): string[][] {
  const [first, ...rest] = names;
  if (first === undefined) return [[]];
  return subsets(rest).flatMap((subset) => [subset, [first, ...subset]]);
}

/** What lies beside the databases makes a difference only where they are not there. */
const cases = [
  ...subsets(FILES).map((files) => [...files, ...OTHERS]),
  ...[[], ['pepper'], ['pepper', 'erasures'], ['erasures', 'tokens.json']],
  ...[
    ['counts.db', 'journal.db'],
    ['counts.db', 'counts.db-wal', 'journal.db', 'pepper'],
  ],
].map((names) => [names.join(' '), names] as const);

describe.each([
  ['in its first run', false],
  ['after a restart', true],
])('a part of the files of a collector %s', (_when, restarts) => {
  let origin: string;

  beforeAll(async () => {
    const undo: (() => unknown)[] = [];
    origin = await running(restarts, undo);
    return async () => {
      for (const step of undo) await step();
    };
  });

  it.each(cases)('is counted, told as lost, or refused in words: %s', async (_names, names) => {
    const data = temporaryFolder();
    for (const name of names) {
      if (existsSync(join(origin, name))) copyFileSync(join(origin, name), join(data, name));
    }
    const start = () => startCollector({ data, adminToken: TOKEN, now: () => new Date() });
    let collector;
    try {
      collector = await start();
    } catch (error) {
      expect((error as Error).message).toMatch(
        /Nothing was changed|pepper is missing.*Restore it from a backup/s,
      );
      return;
    }
    const read = async (of: TestCollector) => {
      const { body } = await of.get('/stats');
      const { body: quality } = await of.get('/v1/stats/quality', bearer(TOKEN));
      const [lost, unknown] = [quality['lost_in_restore'], quality['unknown_losses']];
      return { counted: Number(body['total_users']), lost: Number(lost), unknown: Number(unknown) };
    };
    const first = await read(collector);
    const isEmpty = !names.includes('pepper');
    if (first.unknown === 0 && !isEmpty) expect(first.counted + first.lost).toBe(ACKNOWLEDGED);
    expect(first.counted + first.lost).toBeLessThanOrEqual(ACKNOWLEDGED);
    expect(first.unknown).toBeLessThanOrEqual(1);
    const { body: health } = await collector.get('/health', bearer(TOKEN));
    const isWhole = first.unknown === 0 && first.lost === 0;
    expect(health['warnings']).toMatchObject({ restore: { state: isWhole ? 'ok' : 'warning' } });
    await sendAndCount(collector, 5);
    await collector.close();

    // It is told once, and what came later is counted.
    const again = await start();
    expect(await read(again)).toEqual({ ...first, counted: first.counted + 5 });
  });
});
