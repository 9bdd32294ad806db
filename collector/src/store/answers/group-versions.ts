import { foldFact } from '../../rules/fold-fact.js';
import type { FirstDay } from '../questions.js';

/** A version of a project, with the IDs of its spellings. */
export interface VersionGroup {
  readonly project: string;
  readonly version: string;
  readonly ids: number[];
}

/** Values that were counted before versions were folded are several of one version. */
export function groupVersions(
  found: readonly { readonly id: number; readonly project: string; readonly value: string }[],
): VersionGroup[] {
  const groups = new Map<string, VersionGroup>();
  for (const { id, project, value } of found) {
    const version = foldFact('version', value);
    const key = `${version} ${project}`;
    const group = groups.get(key);
    if (group) group.ids.push(id);
    else groups.set(key, { project, version, ids: [id] });
  }
  return [...groups.values()];
}

/** The order of projects and versions. */
export const inOrder = (a: FirstDay, b: FirstDay): number =>
  compare(a.project, b.project) || compare(a.version, b.version);

const compare = (a: string, b: string): number => (a < b ? -1 : Number(a > b));
