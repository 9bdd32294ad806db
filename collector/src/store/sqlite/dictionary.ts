import type { Database } from '../../sqlite/database.js';
import { MAX_DIMENSION_VALUES, MAX_DIMENSIONS, OTHER } from '../store.js';

/** Numbers for projects and for the values of their dimensions. Use it inside a transaction. */
export interface Dictionary {
  projectId(slug: string): number;
  /** The project's number, if there is such a project. */
  findProjectId(slug: string): number | undefined;
  /** Whether a dimension is one of a project's, or can become one. */
  takesDimension(projectId: number, dimension: string): boolean;
  /** The value's number, or that of `other` where the project has too many values. */
  valueId(projectId: number, dimension: string, value: string): number;
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
  const allDimensions = db.prepare<{ dim: string }>(
    'SELECT DISTINCT dim FROM dims WHERE project_id = ?',
  );
  const projects = new Map<string, number>();
  const dimensions = new Map<number, Set<string>>();
  const values = new Map<string, Map<string, number>>();

  const loadValues = (projectId: number, dimension: string): Map<string, number> => {
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
    findProjectId: (slug) => projects.get(slug) ?? findProject.get([slug])?.id,
    takesDimension: (projectId, dimension) => {
      const known =
        dimensions.get(projectId) ?? new Set(allDimensions.all([projectId]).map(({ dim }) => dim));
      dimensions.set(projectId, known);
      if (known.size < MAX_DIMENSIONS) known.add(dimension);
      return known.has(dimension);
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
      dimensions.clear();
      values.clear();
    },
  };
}
