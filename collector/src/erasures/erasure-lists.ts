import { copyFileSync, readdirSync, statSync } from 'node:fs';
import type { Logger } from 'pino';
import {
  appendErasure,
  confirmErasures,
  createErasures,
  type Erasures,
  ERASURES_FILE,
  ErasuresFileError,
  erasuresPath,
  lastMark,
  replaceErasures,
  salvageErasures,
} from './erasures-file.js';
import type { KeptErasure } from './kept-erasure.js';

export interface ErasureListsOptions {
  readonly dataFolder: string;
  readonly pepperId: string;
  /** When a user was last deleted, in milliseconds since 1970, as far as the counts know it. */
  readonly lastDeletionAt: number | null;
  readonly now: () => Date;
  readonly logger: Pick<Logger, 'warn' | 'info'>;
  /** Asked before a list is begun anew in the data folder. */
  readonly checkDataFolder: () => void;
}

/** The lists of deletions in the data folder and beside backups. Each is read again once it changed. */
export interface ErasureLists {
  /** A folder's list if it has not changed since it was read. */
  readonly known: (folder: string) => Erasures | undefined;
  /** Of a damaged list, what is whole goes on; the file itself is copied aside. */
  readonly open: (folder: string) => Erasures;
  /** @param at - Up to when the list has every deletion with this one, in milliseconds since 1970. */
  readonly append: (folder: string, erasure: KeptErasure, at: number) => void;
  /** Notes that a list has every deletion up to now. */
  readonly confirm: (folder: string) => void;
  /** Removes the first lines of a list. */
  readonly dropFirst: (folder: string, lines: number) => void;
  /** Notes it if the data folder's list is an older copy: the counts know of later deletions. */
  readonly noteOlderCopy: () => void;
}

/** Creates the access to the lists. */
export function createErasureLists(options: ErasureListsOptions): ErasureLists {
  const { dataFolder, pepperId, lastDeletionAt, now, logger, checkDataFolder } = options;
  const read = new Map<string, { content: Erasures; state: string }>();
  const remember = (path: string, content: Erasures): Erasures => {
    read.set(path, { content, state: stateOf(path) ?? '' });
    return content;
  };
  const known = (folder: string): Erasures | undefined => {
    const path = erasuresPath(folder);
    const found = read.get(path);
    return found !== undefined && found.state === stateOf(path) ? found.content : undefined;
  };
  /** Of a damaged file, what is whole goes on; the file itself is copied aside. */
  const open = (folder: string): Erasures => {
    const path = erasuresPath(folder);
    return known(folder) ?? remember(path, readWhole(folder) ?? createAnew(folder));
  };
  /** From when on a list is whole whose older part is lost. */
  const lostBefore = (): number => lastDeletionAt ?? now().getTime();
  const createAnew = (folder: string): Erasures => {
    const path = erasuresPath(folder);
    if (folder === dataFolder) checkDataFolder();
    // The data folder's is confirmed when it has what those beside the backups have.
    const reach = folder === dataFolder ? 0 : now().getTime();
    createErasures(path, pepperId, { since: lostBefore(), reach });
    const content = readWhole(folder);
    if (content === undefined) throw new Error(`${path} disappeared while it was created.`);
    return content;
  };
  const readWhole = (folder: string): Erasures | undefined => {
    const path = erasuresPath(folder);
    const found = salvage(folder);
    if (found === undefined) return undefined;
    const { content, problem } = found;
    if (content.pepperId !== pepperId) {
      throw new ErasuresFileError(`${path} belongs to another collector.`);
    }
    if (problem === undefined) return content;
    setAside(path, problem);
    replaceErasures(path, { ...content, ...spanAfterDamage(folder, content.since) });
    return salvage(folder)?.content;
  };
  const salvage = (folder: string): ReturnType<typeof salvageErasures> => {
    const path = erasuresPath(folder);
    try {
      return salvageErasures(path);
    } catch (error) {
      if (!(error instanceof ErasuresFileError)) throw error;
      setAside(path, error);
      const base = '0'.repeat(16);
      replaceErasures(path, { pepperId, base, lines: [], ...spanAfterDamage(folder, undefined) });
      return salvageErasures(path);
    }
  };
  /** What a damaged list knows for sure. Beside backups, the data folder's list completes it. */
  const spanAfterDamage = (
    folder: string,
    since: number | undefined,
  ): Pick<Erasures, 'since' | 'reach'> => {
    if (folder === dataFolder) return { since: lostBefore(), reach: 0 };
    const from = since ?? open(dataFolder).since;
    return { since: from, reach: from };
  };
  const setAside = (path: string, { message }: Error): void => {
    const aside = `${path}.damaged-${now().getTime()}`;
    copyFileSync(path, aside);
    logger.warn({ path: aside }, `${message} It was copied aside, and what is whole goes on.`);
  };
  const append = (folder: string, erasure: KeptErasure, at: number): void => {
    const path = erasuresPath(folder);
    const content = open(folder);
    // After a failure, what is there then is read anew.
    read.delete(path);
    remember(path, appendErasure(path, content, erasure, at));
  };
  const confirm = (folder: string): void => {
    const path = erasuresPath(folder);
    remember(path, confirmErasures(path, open(folder), now().getTime()));
  };
  const dropFirst = (folder: string, lines: number): void => {
    const path = erasuresPath(folder);
    const content = open(folder);
    const base = lastMark({ base: content.base, lines: content.lines.slice(0, lines) });
    replaceErasures(path, { ...content, base, lines: content.lines.slice(lines) });
    read.delete(path);
  };
  const noteOlderCopy = (): void => {
    const content = open(dataFolder);
    if (lastDeletionAt === null || lastDeletionAt <= content.reach) return;
    const path = erasuresPath(dataFolder);
    logger.warn({ path }, `${path} is older than the counts: deletions are missing in it`);
    replaceErasures(path, { ...content, since: lastDeletionAt });
    read.delete(path);
  };
  return { known, open, append, confirm, dropFirst, noteOlderCopy };
}

/** The copies of damaged lists that lie in a folder. */
export const damagedLists = (folder: string): string[] =>
  readdirSync(folder).filter((name) => name.startsWith(`${ERASURES_FILE}.damaged-`));

function stateOf(path: string): string | undefined {
  const stats = statSync(path, { bigint: true, throwIfNoEntry: false });
  return stats && `${stats.ino} ${stats.size} ${stats.mtimeNs}`;
}
