import { MAX_DIMENSIONS, OTHER } from '../../rules/limits.js';
import type { Resolve } from '../codec/resolve.js';
import { NO_PROJECT } from '../no-project.js';
import { type Population, takesValue } from '../takes-value.js';
import type { Connection } from './connection.js';
import { fateOfValue } from './fate-of-value.js';
import {
  createKnownProjects,
  type KnownProject,
  type ProjectRow,
  sizesOf,
} from './known-projects.js';
import { hasDimension, keyOfValue, type NamedValue, uniqueValues } from './named-value.js';
import { readGivenUp } from './read-given-up.js';
import { RetryError } from './retry-error.js';

/**
 * The IDs of projects and of their dimensions' values. What a batch needs is read before; places
 * for new values are given in memory, and written at the end. Use it inside a transaction.
 */
export interface Dictionary {
  /** Reads projects, and gives IDs to new ones. It must come first. */
  loadProjects(slugs: readonly string[]): Promise<void>;
  /** The ID of a loaded project. */
  projectId(slug: string): number;
  /** The project's ID, if it exists. */
  findProjectId(slug: string): Promise<number | undefined>;
  /** The newest day of receipt of a loaded project; `-Infinity` before any. */
  newestDay(projectId: number): number;
  /** Reads values. Where some are new, no other node gives places in their projects meanwhile. */
  loadValues(values: readonly NamedValue[]): Promise<void>;
  /** Whether a project has a dimension or has room for it. */
  takesDimension(projectId: number, dimension: string): boolean;
  /** The ID of a loaded value, or that of `other` if there is no room for the value. */
  valueId(value: NamedValue, population?: () => Population): number;
  /** What values of a project count under. */
  resolverOf(projectId: number): Resolve;
  /** Reads which values of projects gave their places up. */
  loadResolvers(projectIds: readonly number[]): Promise<void>;
  /** Writes new values. */
  flush(): Promise<void>;
  /** Must be called when the values of a project have been changed otherwise. */
  changed(projectId: number): void;
  /** Ends a transaction: what other nodes may change is read anew in the next one. */
  endTransaction(): void;
  /** Forgets everything, after a rollback or a lost connection. */
  forget(): void;
}

const PROJECTS = 'SELECT id, slug, closings, newest_day, next_value FROM projects';
const VALUES = `
  SELECT d.project_id, d.value_id, d.dim, d.value
  FROM unnest($1::int[], $2::text[], $3::text[]) k(project_id, dim, value)
  JOIN dims d USING (project_id, dim, value)`;

/** Creates the dictionary on the writing connection. */
export function createDictionary(connection: Connection): Dictionary {
  const projects = createKnownProjects();
  const { take, loaded } = projects;
  let added: (NamedValue & { readonly id: number })[] = [];
  const current = new Set<string>();

  const forget = (): void => {
    projects.forgetAll();
    added = [];
    current.clear();
  };
  const isUnknown = (one: NamedValue): boolean => !loaded(one.projectId).ids.has(keyOfValue(one));
  const readValues = async (values: readonly NamedValue[]): Promise<NamedValue[]> => {
    // Nearly all of a batch are known.
    const missing = uniqueValues(values.filter(isUnknown));
    if (missing.length === 0) return [];
    const rows = await connection.all<{
      project_id: number;
      value_id: number;
      dim: string;
      value: string;
    }>(VALUES, [
      missing.map(({ projectId }) => projectId),
      missing.map(({ dimension }) => dimension),
      missing.map(({ value }) => value),
    ]);
    for (const { project_id, value_id, dim, value } of rows) {
      loaded(project_id).ids.set(keyOfValue({ dimension: dim, value }), value_id);
    }
    return missing.filter(isUnknown);
  };
  const lock = async (ids: readonly number[]): Promise<void> => {
    const sorted = [...ids].sort((a, b) => a - b);
    const rows = await connection.all<ProjectRow>(
      `${PROJECTS} WHERE id = ANY($1::int[]) ORDER BY id FOR UPDATE`,
      [sorted],
    );
    for (const row of rows) {
      const project = take(row);
      project.isLocked = true;
      if (project.sizes !== undefined && project.sizedAt === row.next_value) continue;
      const sizes = await connection.all<{ dim: string; n: number }>(
        'SELECT dim, count(*) AS n FROM dims WHERE project_id = $1 GROUP BY dim',
        [row.id],
      );
      project.sizes = new Map(sizes.map(({ dim, n }) => [dim, n]));
      project.sizedAt = row.next_value;
    }
  };
  const addValue = (project: KnownProject, dimension: string, value: string): number => {
    if (!project.isLocked) throw new RetryError('A value needs a place in a project.');
    const id = project.nextValue++;
    project.sizedAt = project.nextValue;
    project.ids.set(keyOfValue({ dimension, value }), id);
    project.sizes?.set(dimension, (project.sizes.get(dimension) ?? 0) + 1);
    added.push({ projectId: project.id, dimension, value, id });
    return id;
  };

  return {
    loadProjects: async (slugs) => {
      const wanted = [...new Set(slugs)].filter((slug) => !current.has(slug)).sort();
      if (wanted.length === 0) return;
      const read = `${PROJECTS} WHERE slug = ANY($1::text[])`;
      let rows = await connection.all<ProjectRow>(read, [wanted]);
      if (rows.length < wanted.length) {
        await connection.run(
          'INSERT INTO projects(slug) SELECT unnest($1::text[]) ON CONFLICT DO NOTHING',
          [wanted],
        );
        rows = await connection.all<ProjectRow>(read, [wanted]);
      }
      for (const row of rows) current.add(take(row).slug);
    },
    projectId: (slug) => {
      const project = projects.find(slug);
      if (project === undefined) throw new Error(`The project ${slug} was not loaded.`);
      return project.id;
    },
    findProjectId: async (slug) => {
      const row = await connection.get<ProjectRow>(`${PROJECTS} WHERE slug = $1`, [slug]);
      return row && take(row).id;
    },
    newestDay: (projectId) => loaded(projectId).newestDay,
    loadValues: async (values) => {
      const left = await readValues(values);
      // A value without room counts as `other`, which has a place then.
      const others = left.map((one) => ({ ...one, value: OTHER }));
      await readValues(others);
      const isOpen = (one: NamedValue): boolean => {
        const { isLocked, ids } = loaded(one.projectId);
        if (isLocked) return false;
        const fate = fateOfValue(loaded(one.projectId), one.dimension);
        return (
          fate === 'unknown' || (fate === 'other' && !ids.has(keyOfValue({ ...one, value: OTHER })))
        );
      };
      const needed = [...new Set(left.filter(isOpen).map(({ projectId }) => projectId))];
      if (needed.length === 0) return;
      await lock(needed);
      // Another node may have given them places before.
      await readValues([...left, ...others]);
    },
    takesDimension: (projectId, dimension) => {
      const { sizes, ids } = loaded(projectId);
      if (sizes !== undefined && (sizes.has(dimension) || sizes.size < MAX_DIMENSIONS)) return true;
      // Without sizes, all of its values have been found.
      return sizes === undefined || hasDimension(ids.keys(), dimension);
    },
    valueId: (value, population = ofPerson) => {
      const { projectId, dimension } = value;
      const project = loaded(projectId);
      const known = project.ids.get(keyOfValue(value));
      if (known !== undefined) return known;
      if (value.value !== OTHER && project.sizes !== undefined) {
        const sizes = sizesOf(project, dimension);
        if (takesValue(dimension, sizes, population)) {
          return addValue(project, dimension, value.value);
        }
      }
      const other = project.ids.get(keyOfValue({ dimension, value: OTHER }));
      return other ?? addValue(project, dimension, OTHER);
    },
    resolverOf: (projectId) => {
      const others =
        projectId === NO_PROJECT ? new Map<number, number>() : loaded(projectId).others;
      if (others === undefined) throw new Error('The values of a project were not loaded.');
      return others.size === 0 ? (id) => id : (id) => others.get(id) ?? id;
    },
    loadResolvers: async (projectIds) => {
      const missing = [...new Set(projectIds)].filter((id) => loaded(id).others === undefined);
      if (missing.length === 0) return;
      for (const [id, others] of await readGivenUp(connection, missing)) {
        loaded(id).others = others;
      }
    },
    flush: async () => {
      if (added.length === 0) return;
      const all = added;
      added = [];
      await connection.run(
        `INSERT INTO dims(project_id, value_id, dim, value)
         SELECT * FROM unnest($1::int[], $2::int[], $3::text[], $4::text[])`,
        [
          all.map(({ projectId }) => projectId),
          all.map(({ id }) => id),
          all.map(({ dimension }) => dimension),
          all.map(({ value }) => value),
        ],
      );
      const ids = [...new Set(all.map(({ projectId }) => projectId))];
      await connection.run(
        `UPDATE projects SET next_value = k.next FROM unnest($1::int[], $2::int[]) k(id, next)
         WHERE projects.id = k.id`,
        [ids, ids.map((id) => loaded(id).nextValue)],
      );
    },
    changed: (projectId) => {
      const project = loaded(projectId);
      projects.forget(project);
      current.delete(project.slug);
    },
    endTransaction: () => {
      current.clear();
      if (projects.unlock()) forget();
    },
    forget,
  };
}

const ofPerson = (): Population => 'people';
