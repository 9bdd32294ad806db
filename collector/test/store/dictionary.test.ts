import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { MAX_DIMENSION_VALUES, MAX_DIMENSIONS } from '../../src/rules/limits.js';
import { type Database, openWriter } from '../../src/sqlite/database.js';
import { migrate } from '../../src/sqlite/migrate.js';
import { createDictionary, type DictionaryLimits } from '../../src/store/sqlite/dictionary.js';
import { COUNTS_SCHEMA } from '../../src/store/sqlite/migrations/counts-schema.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const TINY: DictionaryLimits = { values: 2, sizes: 1 };

function openDatabase(): Database {
  const db = openWriter(join(temporaryFolder(), 'counts.db'), { walPages: 1000 });
  onTestFinished(() => db.close());
  migrate(db, COUNTS_SCHEMA, 0);
  return db;
}

const asked = fc.array(
  fc.record({
    project: fc.constantFrom('acme', 'other'),
    // The first two are the same letters when they are only joined.
    pair: fc.constantFrom(
      { dimension: 'field:a b', value: 'c' },
      { dimension: 'field:a', value: 'b c' },
      { dimension: 'os', value: 'Linux' },
      { dimension: 'os', value: 'other' },
    ),
  }),
  { maxLength: 30 },
);

describe('the dictionary', () => {
  it('gives the same numbers however little it remembers', () => {
    const [roomy, tight] = [openDatabase(), openDatabase()];
    const all = createDictionary(roomy);
    const few = createDictionary(tight, TINY);
    const numbers = new Map<string, number>();
    fc.assert(
      fc.property(asked, (questions) => {
        for (const { project, pair } of questions) {
          const { dimension, value } = pair;
          const id = all.valueId(all.projectId(project), dimension, value);
          expect(few.valueId(few.projectId(project), dimension, value)).toBe(id);
          const name = JSON.stringify([project, pair]);
          expect(numbers.get(name) ?? id).toBe(id);
          numbers.set(name, id);
        }
      }),
    );
    expect(new Set(numbers.values()).size).toBe(numbers.size);
  });

  it('keeps to the limits of a project with what it has forgotten', () => {
    const db = openDatabase();
    const dictionary = createDictionary(db, TINY);
    const [acme, other] = [dictionary.projectId('acme'), dictionary.projectId('other')];
    db.transaction(() => {
      for (let n = 0; n < MAX_DIMENSION_VALUES + 5; n++) {
        dictionary.valueId(acme, 'event', `e${n}`);
        dictionary.valueId(other, 'event', `e${n % 2}`);
      }
      for (let n = 0; n < MAX_DIMENSIONS + 5; n++) {
        if (dictionary.takesDimension(other, `field:${n}`)) {
          dictionary.valueId(other, `field:${n}`, 'true');
        }
      }
    });
    const count = (project: number, what: string): unknown =>
      db.prepare(`SELECT count(${what}) AS n FROM dims WHERE project_id = ?`).get([project]);
    expect(count(acme, '*')).toEqual({ n: MAX_DIMENSION_VALUES + 1 });
    expect(count(other, 'DISTINCT dim')).toEqual({ n: MAX_DIMENSIONS });
    expect(dictionary.takesDimension(other, 'field:0')).toBe(true);
  });
});
