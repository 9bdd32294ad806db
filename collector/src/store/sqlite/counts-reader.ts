import { openReader } from '../../sqlite/database.js';
import type { StoreReader } from '../store.js';
import { prepareHistory } from './queries/history.js';
import { prepareQuality } from './queries/quality.js';
import { prepareRecent } from './queries/recent.js';
import { prepareSummary } from './queries/summary.js';
import { prepareUser } from './queries/user.js';

/** Opens `counts.db` for questions. Its writer must have been open before. */
export function openCountsReader(path: string): StoreReader {
  const db = openReader(path);
  const probe = db.prepare('SELECT count(*) FROM schema_migrations');
  const projects = db.prepare<{ slug: string }>('SELECT slug FROM projects ORDER BY slug');
  return {
    projects: () => projects.all().map(({ slug }) => slug),
    summary: prepareSummary(db),
    ...prepareHistory(db),
    recent: prepareRecent(db),
    user: prepareUser(db),
    quality: prepareQuality(db),
    probe: () => void probe.get(),
    close: () => db.close(),
  };
}
