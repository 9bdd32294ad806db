import { openWriter } from '../../src/sqlite/database.js';
import { openCountsWriter } from '../../src/store/sqlite/counts-writer.js';

/** As far back as a window of a year that begins a year ago. */
const DAYS = 730;
const LONGEST_GAP = 400;
const VALUE_GAPS = 31;

const PEOPLE = { version: 40, os: 6, arch: 5, runtime_version: 20, certainty: 3 };
const REPORTS = { event: 200, 'field:build.size': 300 };

/** Any number of people. */
const some = (seed: number): number => 5 + (seed % 90);

/**
 * Writes the rollups that a project with all sorts of people has after two years: on every day people
 * with every gap, and so for each value. For `version` that is 467 200 rows a year.
 *
 * @param path - Of the counts, which need not exist.
 * @param today - Numbered since 1970.
 */
export async function seedYear(path: string, project: string, today: number): Promise<void> {
  await openCountsWriter(path, 0).close();
  const db = openWriter(path, { walPages: 10_000 });
  const days = Array.from({ length: DAYS }, (_, back) => today - back);
  const gaps = Array.from({ length: VALUE_GAPS + 1 }, (_, gap) => gap);
  db.transaction(() => {
    db.prepare('INSERT INTO projects(id, slug) VALUES (1, ?)').run([project]);
    const dim = db.prepare('INSERT INTO dims(id, project_id, dim, value) VALUES (?, 1, ?, ?)');
    const valueGap = db.prepare(
      'INSERT INTO value_gaps(value_id, day, gap, n) VALUES (?, ?, ?, ?)',
    );
    const reportValue = db.prepare('INSERT INTO report_values(value_id, day, n) VALUES (?, ?, ?)');
    let id = 0;
    for (const [name, values] of Object.entries({ ...PEOPLE, ...REPORTS })) {
      for (let value = 0; value < values; value += 1) {
        id += 1;
        const certainty = ['certain', 'likely', 'ephemeral'][value] ?? '';
        dim.run([id, name, name === 'certainty' ? certainty : `${name} ${value}`]);
        for (const day of days) {
          if (name in REPORTS) reportValue.run([id, day, some(value + day)]);
          else for (const gap of gaps) valueGap.run([id, day, gap, some(value + day + gap)]);
        }
      }
    }
    const gap = db.prepare('INSERT INTO gaps(project_id, ci, day, gap, n) VALUES (1, 0, ?, ?, ?)');
    const report = db.prepare(
      'INSERT INTO report_days(project_id, ci, day, n) VALUES (1, 0, ?, ?)',
    );
    const retention = db.prepare(
      `INSERT INTO retention(project_id, "interval", cohort, period, n) VALUES (1, 'day', ?, ?, ?)`,
    );
    for (const day of days) {
      for (let length = 0; length <= LONGEST_GAP; length += 1) gap.run([day, length, some(day)]);
      report.run([day, 10_000]);
      for (const cohort of days)
        if (cohort <= day) retention.run([cohort, day, some(day - cohort)]);
    }
  });
  db.close();
}
