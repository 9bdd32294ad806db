import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  KEPT_BY_OPTION,
  RETENTION_CLASSES,
  type RetentionClass,
  writeKept,
} from '../../src/rules/retention-classes.js';
import { openBystander } from '../../src/sqlite/database.js';
import { fullReport } from '../support/reports.js';
import { startCollector } from '../support/start-collector.js';

const read = (path: string): string =>
  readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');

/** The cells of the tables' rows in a Markdown text, by their first cell. */
const rowsOf = (text: string): Map<string, readonly string[]> =>
  new Map(
    text
      .split('\n')
      .filter((line) => line.startsWith('| '))
      .map((line) => line.split('|').slice(1, -1))
      .map((cells) => cells.map((cell) => cell.trim()))
      .map(([name = '', ...rest]) => [name.replaceAll('`', ''), rest]),
  );

const classes = Object.entries<RetentionClass>(RETENTION_CLASSES);

describe('the documents', () => {
  it('have every kind of data that is kept, its option, default and bounds, as the code does', () => {
    const rows = rowsOf(read('docs/collector/privacy.md'));
    for (const [name, { what, keeping }] of classes) {
      const expected =
        'until' in keeping
          ? [what, keeping.until, '', '']
          : [
              what,
              writeKept(keeping.fallback),
              `\`--${keeping.flag}\``,
              `${keeping.least}d to ${writeKept(keeping.most)}`,
            ];
      expect([name, rows.get(name)]).toEqual([name, expected]);
    }
  });

  it('tell users the same', () => {
    const text = read('docs/privacy.md');
    const rows = rowsOf(text.slice(text.indexOf('At the collector')));
    for (const name of KEPT_BY_OPTION) {
      const { fallback } = RETENTION_CLASSES[name].keeping;
      const expected = fallback === null ? 'for ever' : `${fallback} days`;
      expect([name, rows.get(name)?.at(-1)]).toEqual([name, expected]);
    }
    expect(text).toContain(`kept for _${RETENTION_CLASSES.activity.keeping.fallback} days_`);
  });
});

describe('the table of what is kept', () => {
  it('has every file and every table of a data folder', async () => {
    const collector = await startCollector({ adminToken: 'the-administrator-of-tests' });
    await collector.post('/v1/reports', fullReport());
    await collector.get('/stats');
    await collector.jobs.runNow('retention');
    const known = new Set(classes.flatMap(([, { at }]) => at));
    const patterns = [...known].map((at) => at.split('/')[0] ?? '');
    const isKnown = (file: string): boolean =>
      patterns.some((name) =>
        name.endsWith('*')
          ? file.startsWith(name.slice(0, -1))
          : file.replace(/-(wal|shm|journal)$/, '') === name,
      );
    expect(readdirSync(collector.data).filter((file) => !isKnown(file))).toEqual([]);
    for (const file of ['counts.db', 'journal.db']) {
      const db = openBystander(join(collector.data, file));
      const tables = db
        .prepare<{ name: string }>(
          `SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT GLOB 'sqlite_*'`,
        )
        .all();
      db.close();
      const unknown = tables.filter(({ name }) => !known.has(`${file}/${name}`));
      expect([file, unknown]).toEqual([file, []]);
    }
  });
});
