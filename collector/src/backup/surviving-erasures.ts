import { join } from 'node:path';
import { readBackupFolders } from '../erasures/backup-folders.js';
import {
  type Erasures,
  ErasuresFileError,
  erasuresPath,
  salvageErasures,
  type SalvagedErasures,
} from '../erasures/erasures-file.js';
import type { KeptErasure } from '../erasures/kept-erasure.js';
import { hasCode } from '../has-code.js';

/** The time of which a list has every deletion. */
type ErasuresSpan = Pick<Erasures, 'since' | 'reach'>;

/** The deletions that are known besides those beside a backup. */
export interface SurvivingErasures {
  readonly erasures: readonly KeptErasure[];
  /** From when up to when each list has every deletion, in milliseconds since 1970. */
  readonly spans: readonly ErasuresSpan[];
  /** What is wrong with lists of which only a part can be read. */
  readonly problems: readonly string[];
}

/**
 * Reads the lists of deletions of data folders and of all folders of backups that these know. A
 * folder of backups that was away at a deletion does not have it; these may.
 */
export async function readSurvivingErasures(
  dataFolders: readonly string[],
  pepperId: string,
): Promise<SurvivingErasures> {
  const folders: string[] = [];
  for (const folder of dataFolders) {
    const listed = await orNone(() => readBackupFolders(join(folder, 'backup-folders')));
    folders.push(folder, ...listed);
  }
  const erasures: KeptErasure[] = [];
  const problems: string[] = [];
  const spans: ErasuresSpan[] = [];
  for (const folder of new Set(folders)) {
    const found = await salvage(erasuresPath(folder));
    if (found === undefined || found.content.pepperId !== pepperId) continue;
    erasures.push(...found.content.lines.map(({ erasure }) => erasure));
    if (found.problem === undefined) spans.push(found.content);
    else problems.push(found.problem.message);
  }
  return { erasures, spans, problems };
}

/** Up to when all deletions are known, if they are up to a moment: lists carry on from each other. */
export function reachOf(from: number, spans: readonly ErasuresSpan[]): number {
  const inOrder = [...spans].sort((a, b) => a.since - b.since);
  return inOrder.reduce((to, { since, reach }) => (since <= to ? Math.max(to, reach) : to), from);
}

async function salvage(path: string): Promise<SalvagedErasures | undefined> {
  try {
    return (await orNone(async () => [await salvageErasures(path)]))[0];
  } catch (error) {
    // Whose list it was cannot be known.
    if (error instanceof ErasuresFileError) return undefined;
    throw error;
  }
}

/** A list that cannot be reached is as good as none. */
async function orNone<Item>(read: () => Promise<readonly Item[]>): Promise<readonly Item[]> {
  try {
    return await read();
  } catch (error) {
    if (hasCode(error, 'EACCES', 'EPERM', 'ENOTDIR', 'EISDIR', 'EIO', 'ELOOP')) return [];
    throw error;
  }
}
