import type { Database } from '../../sqlite/database.js';
import { MAX_DIMENSION_VALUES, OTHER } from '../store.js';

/** A dimension of users that is kept as a number. */
export type Dimension = 'os' | 'version';

/** Numbers for projects and for the values of their dimensions. Use it inside a transaction. */
export interface Dictionary {
  projectId(slug: string): number;
  /** The value's number, or that of `other` where the project has too many values. */
  valueId(projectId: number, dimension: Dimension, value: string): number;
  /** Drops what is remembered, after a transaction that may have taken it back. */
  forget(): void;
}

/** Creates the dictionary on the writing connection. */
export function createDictionary(db: Database): Dictionary {
  const insertProject = db.prepare('INSERT OR IGNORE INTO projects(slug) VALUES (?)');
  const findProject = db.prepare<{ id: number }>('SELECT id FROM projects WHERE slug = ?');
  const insertValue = db.prepare('INSERT INTO dims(project_id, dim, value) VALUES (?, ?, ?)');
  const allValues = db.prepare<{ id: number; value: string }>(
    'SELECT id, value FROM dims WHERE project_id = ? AND dim = ?',
  );
  const projects = new Map<string, number>();
  const values = new Map<string, Map<string, number>>();

  const loadValues = (projectId: number, dimension: Dimension): Map<string, number> => {
    const rows = allValues.all([projectId, dimension]);
    return new Map(rows.map(({ id, value }) => [value, id]));
  };

  return {
    projectId: (slug) => {
      const known = projects.get(slug);
      if (known !== undefined) return known;
      insertProject.run([slug]);
      const id = findProject.get([slug])?.id;
      if (id === undefined) throw new Error('A project that was just written is not there.');
      projects.set(slug, id);
      return id;
    },
    valueId: (projectId, dimension, value) => {
      const key = `${projectId} ${dimension}`;
      const known = values.get(key) ?? loadValues(projectId, dimension);
      values.set(key, known);
      const kept = known.has(value) || known.size < MAX_DIMENSION_VALUES ? value : OTHER;
      const id = known.get(kept) ?? insertValue.run([projectId, dimension, kept]).lastInsertRowid;
      known.set(kept, id);
      return id;
    },
    forget: () => {
      projects.clear();
      values.clear();
    },
  };
}
