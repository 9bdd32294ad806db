import { copyFileSync, cpSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { compareAnswers } from '../../src/move/compare-answers.js';
import { openLock, openUnused, openWriter } from '../../src/sqlite/database.js';
import { openReaderAt } from '../../src/store/postgres/open-postgres-store.js';
import { createCountsReader } from '../../src/store/sqlite/counts-reader.js';
import { entry } from '../support/journal-entries.js';
import { fullReport } from '../support/reports.js';
import { startCollector } from '../support/start-collector.js';
import { startProcess } from '../support/start-process.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { killAt, moved, succeed } from './support/run-move.js';
import { seedMove, type SeededFolder } from './support/seed-move.js';
import { temporarySchema } from './support/temporary-schema.js';

const undo: (() => void | Promise<void>)[] = [];
let seed: SeededFolder;

beforeAll(async () => {
  seed = await seedMove((step) => void undo.unshift(step));
});

afterAll(async () => {
  for (const step of undo) await step();
});

/** A copy of the folder that was seeded. */
function copyOfSeed(): string {
  const data = temporaryFolder();
  cpSync(seed.data, data, { recursive: true });
  return data;
}

/** A folder in which one person was counted, where more would say nothing. */
async function smallFolder(): Promise<string> {
  const data = temporaryFolder();
  const collector = await startCollector({ data });
  await collector.post('/v1/reports', { reports: [fullReport()] });
  await collector.get('/v1/stats/summary');
  await collector.close();
  return data;
}

/** An empty folder for the same users. */
function newFolder(): string {
  const data = temporaryFolder();
  copyFileSync(join(seed.data, 'pepper'), join(data, 'pepper'));
  return data;
}

async function differenceBetween(counts: string, store: string): Promise<string | null> {
  const db = openUnused(counts);
  const sqlite = createCountsReader(db);
  const postgres = openReaderAt(store);
  try {
    const users = db
      .prepare<{ project: string; uid: Buffer }>(
        'SELECT slug AS project, uid FROM users JOIN projects ON id = project_id',
      )
      .all();
    const { questions, difference } = await compareAnswers(sqlite, postgres, { users });
    expect(questions).toBeGreaterThan(200);
    return difference;
  } finally {
    await postgres.close();
    await sqlite.close();
  }
}

async function query<Row extends pg.QueryResultRow>(store: string, sql: string): Promise<Row[]> {
  const client = new pg.Client(store);
  await client.connect();
  try {
    return (await client.query<Row>(sql)).rows;
  } finally {
    await client.end();
  }
}

/** What an administrator of the database may do meanwhile. */
const TAMPERING = [
  [
    'users',
    'UPDATE users SET reports = reports + 1 WHERE uid = (SELECT uid FROM users ORDER BY uid LIMIT 1)',
  ],
  [
    'seen_reports',
    'DELETE FROM seen_reports WHERE key = (SELECT key FROM seen_reports ORDER BY key LIMIT 1)',
  ],
  ['tombstones', 'UPDATE tombstones SET deleted_at = deleted_at - 1'],
  ['value_gaps', 'UPDATE value_gaps SET n = n + 1 WHERE day = (SELECT max(day) FROM value_gaps)'],
] as const;

describe('a move to PostgreSQL', () => {
  it('answers every question as before, and only there', async () => {
    const store = await temporarySchema();
    const data = copyOfSeed();
    const { code, stdout, stderr } = await moved(data, store);
    expect(stderr).not.toContain('headcount-collector:');
    expect(stdout).toMatch(/^\d+ users moved .*\n\d+ rows; .*\nCompared and equal: /);
    expect(code).toBe(0);
    expect(await differenceBetween(join(data, 'counts.db'), store)).toBeNull();
    await expect(startCollector({ data, now: seed.now })).rejects.toThrow(
      /counts\.db moved to postgres:\/\/127\.0\.0\.1:\d+\/postgres, schema t_/,
    );
  });

  it('leaves what the journal holds to the next start, which counts it once', async () => {
    const store = await temporarySchema();
    const data = await smallFolder();
    const journal = openWriter(join(data, 'journal.db'), { walPages: 1000 });
    const key = Buffer.alloc(16, 9).toString('base64');
    for (const reportKey of [null, key, key]) {
      journal
        .prepare('INSERT INTO entries(body) VALUES (?)')
        .run([entry({ project: 'late', reportKey })]);
    }
    journal.close();
    await succeed(data, store);
    for (let start = 0; start < 2; start++) {
      const collector = await startCollector({ data, store });
      const summary = await collector.get('/v1/stats/summary?project=late');
      expect(summary.body).toMatchObject({ total_users: 1, total_reports: 2 });
      await collector.close();
    }
  });

  it('keeps duplicates and erased people out', async () => {
    const store = await temporarySchema();
    const data = copyOfSeed();
    const counts = openUnused(join(data, 'counts.db'));
    const key = counts.prepare<{ k: Buffer; day: number }>(
      'SELECT report_key AS k, day FROM seen_reports ORDER BY day DESC LIMIT 1',
    );
    const known = key.get();
    const grave = counts
      .prepare<{ uid: Buffer; at: number }>('SELECT uid, deleted_at AS at FROM tombstones LIMIT 1')
      .get();
    counts.close();
    if (known === undefined || grave === undefined) throw new Error('The stream has both.');
    await succeed(data, store);
    const receivedAt = seed.now().getTime();
    const journal = openWriter(join(data, 'journal.db'), { walPages: 1000 });
    for (const changes of [
      { reportKey: known.k.toString('base64') },
      { uid: grave.uid.toString('base64'), at: grave.at - 1000 },
    ]) {
      journal
        .prepare('INSERT INTO entries(body) VALUES (?)')
        .run([entry({ project: 'old', receivedAt, ...changes })]);
    }
    journal.close();
    const collector = await startCollector({ data, store, now: seed.now });
    await collector.get('/v1/stats/summary');
    expect(await collector.store.quality({ project: 'old' })).toEqual({
      duplicates: 1,
      forgotten: 1,
    });
  });

  it('goes on when it was killed at any moment, and until then nothing starts there', async () => {
    const store = await temporarySchema();
    const data = copyOfSeed();
    for (const step of [
      'users',
      'value_gaps',
      'positions',
      'comparing users',
      'comparing answers',
    ]) {
      await killAt(step, data, store);
      const start = startCollector({ data: newFolder(), store, now: seed.now });
      await expect(start).rejects.toThrow(/has only a part of the counts/);
    }
    const { code, stdout } = await moved(data, store);
    expect(stdout).toContain('left of an earlier move');
    expect(code).toBe(0);
    expect(await differenceBetween(join(data, 'counts.db'), store)).toBeNull();
  });

  it('begins anew where the folder has counted meanwhile', async () => {
    const store = await temporarySchema();
    const data = await smallFolder();
    await killAt('positions', data, store);
    const collector = await startCollector({ data });
    await collector.close();
    const { code, stdout } = await moved(data, store);
    expect(stdout).not.toContain('left of an earlier move');
    expect(code).toBe(0);
  });

  it('finds any row that was tampered with, is not usable then, and is copied anew', async () => {
    const store = await temporarySchema();
    const data = copyOfSeed();
    for (const [table, sql] of TAMPERING) {
      await killAt('comparing projects', data, store);
      await query(store, sql);
      const { code, stderr, stdout } = await moved(data, store);
      expect(stderr).toMatch(new RegExp(`differs from .*counts\\.db: ${table} `));
      expect(stdout).toBe('');
      expect(code).toBe(1);
    }
    const start = startCollector({ data: newFolder(), store, now: seed.now });
    await expect(start).rejects.toThrow(/has only a part of the counts/);
    const { code, stdout } = await moved(data, store);
    expect(stdout).not.toContain('left of an earlier move');
    expect(code).toBe(0);
  });
});

describe('a move from PostgreSQL', () => {
  it('gives a new folder the counts of several nodes, killed on the way', async () => {
    const store = await temporarySchema();
    const data = copyOfSeed();
    await succeed(data, store);
    // A second node, whose values are numbered by PostgreSQL, in a lane of its own.
    const other = newFolder();
    const journalOf = async (folder: string): Promise<void> => {
      const collector = await startCollector({ data: folder, store, now: seed.now });
      const visit = { project: 'full', user: 'abcdef0123456789', receivedAt: seed.now().getTime() };
      await collector.post('/v1/reports', {
        reports: [
          {
            ...visit,
            anonymous_id: visit.user,
            timestamp: seed.now().toISOString(),
            info: { os: 'Plan 9', version: '9.9.9' },
          },
        ],
      });
      await collector.get('/v1/stats/summary');
      await collector.close();
    };
    await journalOf(other);
    const folder = newFolder();
    await killAt('report_values', folder, store, '--from');
    await expect(startCollector({ data: folder, now: seed.now })).rejects.toThrow(/did not end/);
    const { code, stdout, stderr } = await moved(folder, store, '--from');
    expect(stderr).not.toContain('headcount-collector:');
    expect(stdout).toContain('left of an earlier move');
    expect(code).toBe(0);
    expect(existsSync(join(folder, 'counts.db.moving'))).toBe(false);
    expect(await differenceBetween(join(folder, 'counts.db'), store)).toBeNull();
    const collector = await startCollector({ data: folder, now: seed.now });
    expect((await collector.get('/v1/stats/summary')).status).toBe(200);
    const start = startCollector({ data: other, store, now: seed.now });
    await expect(start).rejects.toThrow(/The counts of The store moved to .*counts\.db/);
  }, 120_000);

  it('comes back into the folder that it went from', async () => {
    const store = await temporarySchema();
    const data = await smallFolder();
    await succeed(data, store);
    await succeed(data, store, '--from');
    const collector = await startCollector({ data });
    expect((await collector.get('/v1/stats/summary')).status).toBe(200);
  });
});

describe('a move that cannot be made', () => {
  const failing = async (args: readonly string[], env: Record<string, string> = {}) => {
    const { ended, stderr } = await startProcess(['move', ...args], env);
    const code = await ended;
    return { code, stderr: stderr() };
  };

  it('says what is wrong with its arguments', async () => {
    const both = ['--to', 'postgres://a/b', '--from', 'postgres://a/c'];
    for (const args of [[], ['--to', '/data'], both, ['--to', 'store']]) {
      const { code, stderr } = await failing(args);
      expect(stderr).toMatch(/^headcount-collector: .*HEADCOUNT_STORE/);
      expect(code).toBe(1);
    }
  });

  it.each([
    ['--to', 'postgres://app:12/secret@127.0.0.1/db'],
    ['--from', 'postgres://app:12#secret@127.0.0.1/db'],
    ['--to', 'postgres://app:12', 'secret@127.0.0.1/db'],
  ])('says of %s %s what is to be encoded or quoted, not the password', async (...args) => {
    const { code, stderr } = await failing(args);
    expect(stderr).toMatch(/^headcount-collector: .*(percent-encoded|quote addresses)/);
    expect(stderr).not.toContain('secret');
    expect(code).toBe(1);
  });

  it.each([
    ['names no database', (url: URL) => void (url.pathname = '')],
    ['there is no such database', (url: URL) => void (url.pathname = '/none')],
    [
      'the password is wrong|does not let this user in',
      (url: URL) => void (url.username = 'nobody'),
    ],
    ['nothing answers there', (url: URL) => void (url.port = '1')],
    [
      'there is no such schema',
      (url: URL) => void url.searchParams.set('options', '-c search_path=none'),
    ],
  ])('says that %s, and never the password', async (message, change) => {
    const url = new URL(inject('postgresUrl'));
    url.password = 'a-secret';
    change(url);
    const { code, stderr } = await failing(['--to', url.href, '--data', copyOfSeed()]);
    expect(stderr).toMatch(new RegExp(message));
    expect(stderr).not.toContain('a-secret');
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(code).toBe(1);
  });

  it('refuses a store with counts, one of another pepper, and one of a newer schema', async () => {
    const store = await temporarySchema();
    const data = await smallFolder();
    const copy = temporaryFolder();
    cpSync(data, copy, { recursive: true });
    await succeed(data, store);
    expect((await moved(copy, store)).stderr).toContain('has counts or settings already');
    expect((await moved(await smallFolder(), store)).stderr).toContain('another pepper');
    await query(store, `INSERT INTO schema_migrations VALUES (999, 0, 'newer')`);
    const { stderr, code } = await moved(copy, store);
    expect(stderr).toContain('made by a newer release');
    expect(code).toBe(1);
  });

  it('refuses a folder or a store that a collector uses', async () => {
    const store = await temporarySchema();
    const data = await smallFolder();
    const lock = openLock(join(data, 'lock'));
    const locked = await moved(data, store);
    lock.close();
    expect(locked.stderr).toMatch(/Another collector uses .* Stop it, and run this again\./);
    const own = temporaryFolder();
    await startCollector({ data: own, store });
    const used = await moved(data, store);
    expect(used.stderr).toMatch(/A collector or another move uses postgres:\/\//);
    expect([locked.code, used.code]).toEqual([1, 1]);
  });

  it('refuses a folder without counts or pepper, and a store without counts', async () => {
    const store = await temporarySchema();
    expect((await moved(temporaryFolder(), store)).stderr).toContain('no file pepper');
    expect((await moved(newFolder(), store)).stderr).toContain('nothing can move');
    const folder = newFolder();
    expect((await moved(folder, store, '--from')).stderr).toContain('has no counts');
  });
});
