import type pg from 'pg';

/** Days that have counts. */
const DAYS = 60;

/**
 * Makes a store with two projects large: people, values, days and lanes, as far as plans depend on how
 * many there are.
 */
export async function seedPlans(client: pg.Client, today: number): Promise<void> {
  const days = `generate_series(${today - DAYS}, ${today - 1}) day`;
  const lanes = 'generate_series(2, 3) lane';
  await client.query(`
    INSERT INTO projects(slug, newest_day)
      SELECT 'project-' || n, ${today} FROM generate_series(1, 6) n;
    INSERT INTO users SELECT u.first_seen, u.last_seen, u.bits, p.id, u.first_day, u.last_day, u.os_id,
        u.version_id, u.reports, u.lost, u.flags, gen_random_uuid(), u.runs, u.said, u.older, u.owner_hash
      FROM (SELECT * FROM users LIMIT 1) u, projects p, generate_series(1, 300);
    INSERT INTO seen_reports SELECT gen_random_uuid(), ${today} - n % 30 FROM generate_series(1, 3000) n;
    INSERT INTO tombstones
      SELECT gen_random_uuid(), (${today} - n % 300) * 86400000::int8 FROM generate_series(1, 3000) n;
    INSERT INTO dims SELECT id, n, 'version', '9.' || n FROM projects, generate_series(1000, 1020) n;
    UPDATE projects SET next_value = 1100;
    INSERT INTO latest SELECT id, n, 2, 1 FROM projects, generate_series(1000, 1020) n;
    INSERT INTO newest_versions SELECT id, n, ${today} - n % 100, 2, 1
      FROM projects, generate_series(1000, 1020) n;
    INSERT INTO gaps SELECT id, ci, day, gap, lane, 1
      FROM projects, generate_series(0, 1) ci, ${days}, generate_series(0, 4) gap, ${lanes};
    INSERT INTO value_gaps SELECT id, value, day, 1, 2, 1
      FROM projects, generate_series(1000, 1020) value, ${days};
    INSERT INTO age_gaps SELECT id, age, day, 1, lane, 1
      FROM projects, generate_series(0, 5) age, ${days}, ${lanes};
    INSERT INTO retention SELECT id, "interval", day, period, 2, 1
      FROM projects, unnest(ARRAY['day', 'week', 'month']) "interval", ${days}, generate_series(0, 3) period;
    INSERT INTO report_days SELECT id, ci, day, lane, 1
      FROM projects, generate_series(0, 1) ci, ${days}, ${lanes};
    INSERT INTO report_values SELECT id, value, day, 2, 1
      FROM projects, generate_series(1000, 1010) value, ${days};
    INSERT INTO quality SELECT id, day, kind, lane, 1
      FROM projects, ${days}, unnest(ARRAY['accepted', 'duplicates', 'late']) kind, ${lanes};
    ANALYZE`);
}
