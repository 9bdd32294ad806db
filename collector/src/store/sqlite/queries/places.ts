import type { Database } from '../../../sqlite/database.js';
import { findFullPlaces } from '../../full-places.js';
import type { Counts, DimensionValue, StoreReader } from '../../store.js';
import { IN_SCOPE } from './scope.js';

const SIZES = `
  SELECT slug AS project, dim AS dimension, count(*) AS size
  FROM dims JOIN projects ON projects.id = dims.project_id
  WHERE ${IN_SCOPE}
  GROUP BY slug, dim ORDER BY slug, dim`;

interface Size {
  readonly project: string;
  readonly dimension: string;
  readonly size: number;
}

/** Prepares the questions about the places of values. */
export function preparePlaces(
  db: Database,
): Pick<Counts, 'fullPlaces'> & Pick<StoreReader, 'values'> {
  const sizes = db.prepare<Size>(SIZES);
  const values = db.prepare<DimensionValue>(
    `SELECT dim AS dimension, value FROM dims
     WHERE project_id = (SELECT id FROM projects WHERE slug = ?)`,
  );
  return {
    values: ({ project }) => values.all([project]),
    fullPlaces: ({ project }) => {
      const projects = new Map<string, Size[]>();
      for (const size of sizes.all([project])) {
        const same = projects.get(size.project);
        if (same) same.push(size);
        else projects.set(size.project, [size]);
      }
      return [...projects].flatMap(([name, dimensions]) => findFullPlaces(name, dimensions));
    },
  };
}
