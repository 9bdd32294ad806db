// @ts-check
import { join } from 'node:path';
import Database from 'libsql';
import { readTables, WHOLE } from '../../collector/read-tables.mjs';
import { connect } from '../connect.mjs';

const USERS = 'SELECT count(*) FROM users';
const KEYS = 'SELECT count(*) FROM seen_reports';

/** @type {import('../section.mjs').Section} */
export const space = {
  name: 'space',
  title: 'Space',
  columns: [
    { key: 'sqlite', label: 'SQLite', digits: 1 },
    { key: 'postgres', label: 'PostgreSQL', digits: 1 },
  ],
  note:
    'After the reports of this run, indices included. A known person’s further report adds its key, which ' +
    'is kept for 35 days, and nearly nothing else. HOT updates, which change no index, are those since ' +
    'the seeding.',
  async measure({ site }) {
    const file = join(site.sqliteFolder, 'counts.db');
    const tables = readTables(file);
    const sqlite = new Database(file, { readonly: true });
    const count = (/** @type {string} */ sql) =>
      Number(/** @type {[number]} */ (sqlite.prepare(sql).raw().get([]))[0]);
    const postgres = await connect(site.parts, site.primary.url);
    const sizeOf = (/** @type {string} */ table) =>
      postgres.number(`SELECT pg_total_relation_size('${table}')`);
    const [users, keys] = [await postgres.number(USERS), await postgres.number(KEYS)];
    const rows = [
      {
        label: 'a person, bytes',
        metrics: {
          sqlite: (tables.get('users') ?? NaN) / count(USERS),
          postgres: (await sizeOf('users')) / users,
        },
      },
      {
        label: 'the key of a report, bytes',
        metrics: {
          sqlite: (tables.get('seen_reports') ?? NaN) / count(KEYS),
          postgres: (await sizeOf('seen_reports')) / keys,
        },
      },
      {
        label: 'all in all, MB',
        metrics: {
          sqlite: (tables.get(WHOLE) ?? NaN) / 1e6,
          postgres: (await postgres.number('SELECT pg_database_size(current_database())')) / 1e6,
        },
      },
      {
        label: 'HOT, % of updates',
        metrics: {
          sqlite: null,
          postgres: await postgres.number(
            'SELECT 100.0 * sum(n_tup_hot_upd) / nullif(sum(n_tup_upd), 0) FROM pg_stat_user_tables',
          ),
        },
      },
    ];
    sqlite.close();
    await postgres.end();
    return rows;
  },
};
