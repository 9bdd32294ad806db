import { copyFile, readdir, stat } from 'node:fs/promises';
import type { Logger } from 'pino';
import type { DiskQueue } from '../disk-queue.js';
import { hasCode } from '../has-code.js';
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
  readonly checkDataFolder: () => Promise<void>;
}

/** The options of lists, and the queue of work on the disk of the data folder. */
interface ErasureListsParts extends ErasureListsOptions {
  readonly dataDisk: DiskQueue;
}

/**
 * The lists of deletions in the data folder and beside backups. Each is read again once it changed.
 * Calls for the same folder beside the data folder must not overlap.
 */
export interface ErasureLists {
  /** A folder's list if it has not changed since it was read. */
  readonly known: (folder: string) => Promise<Erasures | undefined>;
  /** Of a damaged list, what is whole goes on; the file itself is copied aside. */
  readonly open: (folder: string) => Promise<Erasures>;
  /** The deletions in the data folder's list when it was last read. */
  readonly inData: () => readonly KeptErasure[];
  /** @param at - Up to when the list has every deletion with this one, in milliseconds since 1970. */
  readonly append: (folder: string, erasure: KeptErasure, at: number) => Promise<void>;
  /** Notes that a list has every deletion up to now. */
  readonly confirm: (folder: string) => Promise<void>;
  /** Removes the first lines of a list. */
  readonly dropFirst: (folder: string, lines: number) => Promise<void>;
  /** Notes it if the data folder's list is an older copy: the counts know of later deletions. */
  readonly noteOlderCopy: () => Promise<void>;
}

/** Creates the access to the lists. */
export function createErasureLists(parts: ErasureListsParts): ErasureLists {
  const { dataFolder, pepperId, lastDeletionAt, now, logger, dataDisk, checkDataFolder } = parts;
  const read = new Map<string, { content: Erasures; state: string | undefined }>();
  let inData: readonly KeptErasure[] = [];

  const remember = (folder: string, content: Erasures, state: string | undefined): Erasures => {
    read.set(folder, { content, state });
    if (folder === dataFolder) inData = content.lines.map(({ erasure }) => erasure);
    return content;
  };
  const known = async (folder: string): Promise<Erasures | undefined> => {
    const found = read.get(folder);
    if (found?.state === undefined) return undefined;
    return found.state === (await stateOf(erasuresPath(folder))) ? found.content : undefined;
  };
  const openNow = async (folder: string): Promise<Erasures> => {
    const path = erasuresPath(folder);
    const found = await known(folder);
    if (found !== undefined) return found;
    // From before it is read: what changes it meanwhile makes it read again.
    const before = await stateOf(path);
    const content = await readWhole(folder);
    if (content !== undefined) return remember(folder, content, before);
    return remember(folder, await createAnew(folder), await stateOf(path));
  };
  /** From when on a list is whole whose older part is lost. */
  const lostBefore = (): number => lastDeletionAt ?? now().getTime();
  const createAnew = async (folder: string): Promise<Erasures> => {
    const path = erasuresPath(folder);
    if (folder === dataFolder) await checkDataFolder();
    // The data folder's is confirmed when it has what those beside the backups have.
    const reach = folder === dataFolder ? 0 : now().getTime();
    await createErasures(path, pepperId, { since: lostBefore(), reach });
    const content = await readWhole(folder);
    if (content === undefined) throw new Error(`${path} disappeared while it was created.`);
    return content;
  };
  const readWhole = async (folder: string): Promise<Erasures | undefined> => {
    const path = erasuresPath(folder);
    const found = await salvage(folder);
    if (found === undefined) return undefined;
    const { content, problem } = found;
    if (content.pepperId !== pepperId) {
      throw new ErasuresFileError(`${path} belongs to another collector.`);
    }
    if (problem === undefined) return content;
    await setAside(path, problem);
    const span = await spanAfterDamage(folder, content.since);
    await replaceErasures(path, { ...content, ...span });
    return (await salvage(folder))?.content;
  };
  const salvage = async (folder: string): ReturnType<typeof salvageErasures> => {
    const path = erasuresPath(folder);
    try {
      return await salvageErasures(path);
    } catch (error) {
      if (!(error instanceof ErasuresFileError)) throw error;
      await setAside(path, error);
      const span = await spanAfterDamage(folder, undefined);
      await replaceErasures(path, { pepperId, base: '0'.repeat(16), lines: [], ...span });
      return salvageErasures(path);
    }
  };
  /** What a damaged list knows for sure. Beside backups, the data folder's list completes it. */
  const spanAfterDamage = async (
    folder: string,
    since: number | undefined,
  ): Promise<Pick<Erasures, 'since' | 'reach'>> => {
    if (folder === dataFolder) return { since: lostBefore(), reach: 0 };
    const from = since ?? (await open(dataFolder)).since;
    return { since: from, reach: from };
  };
  const setAside = async (path: string, { message }: Error): Promise<void> => {
    const aside = `${path}.damaged-${now().getTime()}`;
    await copyFile(path, aside);
    logger.warn({ path: aside }, `${message} It was copied aside, and what is whole goes on.`);
  };
  /** Work on a list; for the data folder's, one at a time, since all others need it too. */
  const inTurn = <Result>(folder: string, work: () => Promise<Result>): Promise<Result> =>
    folder === dataFolder ? dataDisk.run(folder, work) : work();
  const open = (folder: string): Promise<Erasures> => inTurn(folder, () => openNow(folder));
  const change = (folder: string, edit: (content: Erasures) => Promise<Erasures>): Promise<void> =>
    inTurn(folder, async () => {
      const content = await openNow(folder);
      // After a failure, what is there then is read anew.
      read.delete(folder);
      remember(folder, await edit(content), await stateOf(erasuresPath(folder)));
    });
  return {
    known,
    open,
    inData: () => inData,
    append: (folder, erasure, at) =>
      change(folder, (content) => appendErasure(erasuresPath(folder), content, erasure, at)),
    confirm: (folder) =>
      change(folder, (content) => confirmErasures(erasuresPath(folder), content, now().getTime())),
    dropFirst: (folder, lines) =>
      inTurn(folder, async () => {
        const content = await openNow(folder);
        const base = lastMark({ base: content.base, lines: content.lines.slice(0, lines) });
        const left = content.lines.slice(lines);
        await replaceErasures(erasuresPath(folder), { ...content, base, lines: left });
        await openNow(folder);
      }),
    noteOlderCopy: () =>
      inTurn(dataFolder, async () => {
        const content = await openNow(dataFolder);
        if (lastDeletionAt === null || lastDeletionAt <= content.reach) return;
        const path = erasuresPath(dataFolder);
        logger.warn({ path }, `${path} is older than the counts: deletions are missing in it`);
        await replaceErasures(path, { ...content, since: lastDeletionAt });
        await openNow(dataFolder);
      }),
  };
}

/** The copies of damaged lists that lie in a folder. */
export async function damagedLists(folder: string): Promise<string[]> {
  const names = await readdir(folder);
  return names.filter((name) => name.startsWith(`${ERASURES_FILE}.damaged-`));
}

async function stateOf(path: string): Promise<string | undefined> {
  try {
    const { ino, size, mtimeNs } = await stat(path, { bigint: true });
    return `${ino} ${size} ${mtimeNs}`;
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ENOTDIR')) return undefined;
    throw error;
  }
}
