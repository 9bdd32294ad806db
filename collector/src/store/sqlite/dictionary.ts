import { MAX_DIMENSIONS, OTHER } from '../../rules/limits.js';
import type { Database } from '../../sqlite/database.js';
import { type Population, takesValue } from '../takes-value.js';
import { ValueIds } from './value-ids.js';

/** The IDs of projects and of their dimensions' values. Use it inside a transaction. */
export interface Dictionary {
  projectId(slug: string): number;
  /** The project's ID, if it exists. */
  findProjectId(slug: string): number | undefined;
  /** Whether a project has a dimension or has room for it. */
  takesDimension(projectId: number, dimension: string): boolean;
  /** The value's ID, or that of `other` if there is no room for the value. */
  valueId(
    projectId: number,
    dimension: string,
    value: string,
    population?: () => Population,
  ): number;
  /** The ID of `other`, which gets a place if it has none. */
  otherId(projectId: number, dimension: string): number;
  /** Clears the cache after a rollback. */
  forget(): void;
}

/** The size of the caches. */
export interface DictionaryLimits {
  /** Values whose IDs are cached. */
  readonly values: number;
  /** Dimensions, and projects, whose sizes are cached. */
  readonly sizes: number;
}

/** About 25 MB. */
const LIMITS: DictionaryLimits = { values: 100_000, sizes: 10_000 };

/** The size of a project, `other` included. */
interface ProjectSize {
  readonly values: number;
  readonly dimensions: number;
}

/** Creates the dictionary on the writing connection. */
export function createDictionary(db: Database, limits = LIMITS): Dictionary {
  const insertProject = db.prepare('INSERT OR IGNORE INTO projects(slug) VALUES (?)');
  const findProject = db.prepare<{ id: number }>('SELECT id FROM projects WHERE slug = ?');
  // The ID of a value that gave its place up stays in users' rows: no other may get it.
  const insertValue = db.prepare(
    `INSERT INTO dims(id, project_id, dim, value) VALUES (
       1 + max(
         coalesce((SELECT max(id) FROM dims), 0),
         coalesce((SELECT max(value_id) FROM given_up), 0)
       ), ?, ?, ?
     )`,
  );
  const findValue = db.prepare<{ id: number }>(
    'SELECT id FROM dims WHERE project_id = ? AND dim = ? AND value = ?',
  );
  const countValues = db.prepare<{ n: number }>(
    'SELECT count(*) AS n FROM dims WHERE project_id = ? AND dim = ?',
  );
  const measureProject = db.prepare<{ n: number; dims: number }>(
    'SELECT count(*) AS n, count(DISTINCT dim) AS dims FROM dims WHERE project_id = ?',
  );
  const projects = new Map<string, number>();
  const values = new ValueIds(limits.values);
  const dimensionSizes = new Map<string, number>();
  const projectSizes = new Map<number, ProjectSize>();

  const findValueId = (projectId: number, dimension: string, value: string): number | undefined => {
    const known = values.get(projectId, dimension, value);
    if (known !== undefined) return known;
    const id = findValue.get([projectId, dimension, value])?.id;
    if (id !== undefined) values.add(projectId, dimension, value, id);
    return id;
  };
  const sizeOfDimension = (projectId: number, dimension: string): number => {
    const key = `${projectId} ${dimension}`;
    const size = dimensionSizes.get(key) ?? countValues.get([projectId, dimension])?.n ?? 0;
    return remember(dimensionSizes, key, size, limits.sizes);
  };
  const sizeOfProject = (projectId: number): ProjectSize => {
    const known = projectSizes.get(projectId);
    if (known) return known;
    const { n = 0, dims = 0 } = measureProject.get([projectId]) ?? {};
    const size = { values: n, dimensions: dims };
    return remember(projectSizes, projectId, size, limits.sizes);
  };
  const addValue = (projectId: number, dimension: string, value: string): number => {
    const before = sizeOfDimension(projectId, dimension);
    const { values: all, dimensions } = sizeOfProject(projectId);
    const id = insertValue.run([projectId, dimension, value]).lastInsertRowid;
    dimensionSizes.set(`${projectId} ${dimension}`, before + 1);
    projectSizes.set(projectId, {
      values: all + 1,
      dimensions: before === 0 ? dimensions + 1 : dimensions,
    });
    return id;
  };
  const otherId = (projectId: number, dimension: string): number =>
    findValueId(projectId, dimension, OTHER) ?? addValue(projectId, dimension, OTHER);

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
    takesDimension: (projectId, dimension) =>
      values.hasDimension(projectId, dimension) ||
      sizeOfDimension(projectId, dimension) > 0 ||
      sizeOfProject(projectId).dimensions < MAX_DIMENSIONS,
    valueId: (projectId, dimension, value, population = ofPerson) => {
      const id = findValueId(projectId, dimension, value);
      if (id !== undefined) return id;
      const known = {
        ofDimension: sizeOfDimension(projectId, dimension),
        ofProject: sizeOfProject(projectId).values,
      };
      if (takesValue(dimension, known, population)) return addValue(projectId, dimension, value);
      return otherId(projectId, dimension);
    },
    otherId,
    forget: () => {
      projects.clear();
      values.clear();
      dimensionSizes.clear();
      projectSizes.clear();
    },
  };
}

/** A full cache is cleared; values in use are soon read again. */
function remember<Key, Value>(known: Map<Key, Value>, key: Key, value: Value, max: number): Value {
  if (known.size >= max && !known.has(key)) known.clear();
  known.set(key, value);
  return value;
}

const ofPerson = (): Population => 'people';
