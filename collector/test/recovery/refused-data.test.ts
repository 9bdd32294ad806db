import {
  closeSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { openWriter } from '../../src/sqlite/database.js';
import { copyFiles, removeFiles } from '../support/copy-data.js';
import { fullReport, reportId } from '../support/reports.js';
import { startCollector } from '../support/start-collector.js';
import { startProcess } from '../support/start-process.js';
import { temporaryFolder } from '../support/temporary-folder.js';

/** Enough that the counts have pages of every kind. */
const PEOPLE = 1500;

interface Origin {
  /** A folder as a collector has closed it. */
  readonly closed: string;
  /** The same before half of its reports came, not closed. */
  readonly earlier: string;
  /** A folder of another collector. */
  readonly other: string;
}

let origin: Origin;

async function fill(people: number, data: string, copyTo?: string): Promise<void> {
  const undo: (() => void | Promise<void>)[] = [];
  const collector = await startCollector({ data }, (step) => undo.unshift(step));
  for (let sent = 0; sent < people; sent += 500) {
    const reports = Array.from({ length: 500 }, () => fullReport({ anonymous_id: reportId() }));
    await collector.post('/v1/reports', { reports });
    await collector.get('/stats');
    if (copyTo !== undefined && sent === 0) copyFolder(data, copyTo);
  }
  for (const step of undo) await step();
}

function copyFolder(from: string, to: string): void {
  copyFiles('journal.db', from, to);
  copyFiles('counts.db', from, to);
  copyFileSync(join(from, 'pepper'), join(to, 'pepper'));
}

beforeAll(async () => {
  const undo: (() => void | Promise<void>)[] = [];
  const folder = (): string => temporaryFolder((step) => undo.push(step));
  origin = { closed: folder(), earlier: folder(), other: folder() };
  await fill(PEOPLE, origin.closed, origin.earlier);
  await fill(500, origin.other);
  return async () => {
    for (const step of undo) await step();
  };
});

function overwrite(path: string, at: number, bytes: Buffer): void {
  const file = openSync(path, 'r+');
  writeSync(file, bytes, 0, bytes.length, at);
  closeSync(file);
}

const text = (path: string): void => writeFileSync(path, 'this is a text, and no database\n');

const contentOf = (data: string): Record<string, string> =>
  Object.fromEntries(
    readdirSync(data)
      .filter((name) => /^(counts|journal)\.db(-wal)?$|^pepper$/.test(name))
      .filter((name) => statSync(join(data, name)).isFile())
      .map((name) => [name, readFileSync(join(data, name), 'latin1')]),
  );

const RESTORE = /headcount-collector restore/;

const cases: [string, (data: string) => void, RegExp[]][] = [
  [
    'both are texts',
    (data) => {
      text(join(data, 'counts.db'));
      text(join(data, 'journal.db'));
    },
    [/journal\.db: it is no database/, /counts\.db: it is no database/, RESTORE],
  ],
  ['counts are a text', (data) => text(join(data, 'counts.db')), [/counts\.db: it is no/, RESTORE]],
  [
    'journal is a text',
    (data) => text(join(data, 'journal.db')),
    [/journal\.db: it is no/, RESTORE],
  ],
  [
    'counts are gone',
    (data) => removeFiles('counts.db', data),
    [/counts\.db .*is missing/, /1500 entries/, RESTORE],
  ],
  [
    'counts are empty',
    (data) => {
      removeFiles('counts.db', data);
      writeFileSync(join(data, 'counts.db'), '');
    },
    [/counts\.db .*is empty/, RESTORE],
  ],
  [
    'counts are cut off',
    (data) => {
      const path = join(data, 'counts.db');
      truncateSync(path, Math.floor(statSync(path).size / 8192) * 4096);
    },
    [/counts\.db: it is damaged/, RESTORE],
  ],
  [
    'counts are cut off within their first page',
    (data) => truncateSync(join(data, 'counts.db'), 700),
    [/counts\.db: it /, RESTORE],
  ],
  [
    'a later page of the counts is damaged',
    (data) => {
      const path = join(data, 'counts.db');
      overwrite(path, Math.floor(statSync(path).size / 4096 / 2) * 4096, Buffer.alloc(4096, 0x5a));
    },
    [/counts\.db: it is damaged/, RESTORE],
  ],
  [
    'the counts are a journal',
    (data) => copyFileSync(join(data, 'journal.db'), join(data, 'counts.db')),
    [/counts\.db: it is another database/, RESTORE],
  ],
  [
    'the journal is counts',
    (data) => copyFileSync(join(data, 'counts.db'), join(data, 'journal.db')),
    [/journal\.db: it is another database/, RESTORE],
  ],
  [
    'a log of other counts lies beside',
    (data) => {
      const folder = temporaryFolder();
      copyFiles('counts.db', origin.other, folder);
      const old = openWriter(join(folder, 'counts.db'), { walPages: 1_000_000 });
      onTestFinished(() => old.close());
      old.exec('UPDATE users SET reports = reports + 1; UPDATE totals SET n = n + 7');
      copyFileSync(join(folder, 'counts.db-wal'), join(data, 'counts.db-wal'));
    },
    [/counts\.db: it/, RESTORE],
  ],
  [
    'the counts are put together of two moments',
    (data) => {
      removeFiles('counts.db', data);
      copyFileSync(join(origin.closed, 'counts.db'), join(data, 'counts.db'));
      const db = openWriter(join(data, 'counts.db'), { walPages: 1_000_000 });
      db.exec('DELETE FROM users WHERE uid IN (SELECT uid FROM users LIMIT 100)');
      db.close();
    },
    [/counts\.db: its parts are of different moments/, RESTORE],
  ],
  [
    'a folder is in the place of the counts',
    (data) => {
      removeFiles('counts.db', data);
      mkdirSync(join(data, 'counts.db'));
    },
    [/counts\.db: it is no file/, RESTORE],
  ],
  [
    'pepper is that of another',
    (data) => copyFileSync(join(origin.other, 'pepper'), join(data, 'pepper')),
    [/pepper does not belong to journal\.db and counts\.db/, RESTORE],
  ],
  [
    'counts are those of another',
    (data) => copyFiles('counts.db', origin.other, data),
    [/counts\.db does not belong to pepper/, RESTORE],
  ],
  [
    'journal is that of another',
    (data) => copyFiles('journal.db', origin.other, data),
    [/journal\.db does not belong to pepper/, RESTORE],
  ],
  [
    'pepper is cut off',
    (data) => truncateSync(join(data, 'pepper'), 31),
    [/pepper must have 32 bytes/],
  ],
];

describe('data that would be counted wrong', () => {
  it.each(cases)('are refused in words and left as they are: %s', async (_name, harm, words) => {
    const data = temporaryFolder();
    copyFolder(origin.closed, data);
    harm(data);
    const before = contentOf(data);
    for (let attempt = 0; attempt < 2; attempt++) {
      const args = ['--port', '0', '--log-level', 'silent', '--data', data];
      const { ended, stderr } = await startProcess(args);
      expect(await ended).toBe(1);
      for (const word of words) expect(stderr()).toMatch(word);
      expect(stderr()).toContain(data);
      expect(stderr()).not.toMatch(/^\s+at /m);
      expect(stderr()).not.toContain('listens on');
      expect(contentOf(data)).toEqual(before);
    }
  });

  it('without settings are taken, and the log says what that opens', async () => {
    const data = temporaryFolder();
    copyFolder(origin.closed, data);
    const collector = await startCollector({ data });
    expect(collector.log()).toContain('projects.json is missing');
    expect(collector.log()).toContain('backup-folders is missing');
    expect(collector.log()).toContain('manifests is missing');
    expect(existsSync(join(data, 'projects.json'))).toBe(true);
  });

  it('are not made by a pepper that is gone', async () => {
    const data = temporaryFolder();
    copyFiles('journal.db', origin.closed, data);
    const { ended, stderr } = await startProcess(['--port', '0', '--data', data]);
    expect(await ended).toBe(1);
    expect(stderr()).toMatch(/counts\.db .*is missing/);
    copyFiles('counts.db', origin.closed, data);
    const second = await startProcess(['--port', '0', '--data', data]);
    expect(await second.ended).toBe(1);
    expect(second.stderr()).toContain('pepper is missing');
    expect(existsSync(join(data, 'pepper'))).toBe(false);
  });
});
