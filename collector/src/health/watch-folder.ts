import { ProblemError } from '../errors.js';
import { isOfLostFolder, type OpenedFolder } from '../opened-folder.js';
import { repeatAfter } from '../repeat-after.js';

export interface FolderWatchParts {
  readonly folder: Pick<OpenedFolder, 'check'>;
  /** From one look to the next, in milliseconds. */
  readonly everyMs: number;
  /** Called when the folder is lost, and when it is back. */
  readonly onChange: () => void;
}

/** Knows whether the data folder still is the one that was opened. */
export interface FolderWatch {
  readonly isLost: boolean;
  /** @throws `ProblemError` with `failing`, if the folder is lost. It reads no disk. */
  requireFolder(): void;
  close(): void;
}

/** Looks all the time: what is acknowledged from the loss to the next look is lost with it. */
export function watchFolder({ folder, everyMs, onChange }: FolderWatchParts): FolderWatch {
  let isLost = false;
  let isClosed = false;
  const look = async (): Promise<void> => {
    const before = isLost;
    isLost = await folder.check().then(
      () => false,
      // A disk that does not answer well may have the files all the same: writing will show.
      (error: unknown) => (isOfLostFolder(error) ? true : before),
    );
    if (isLost !== before && !isClosed) onChange();
  };
  const end = repeatAfter(look, everyMs);
  return {
    get isLost() {
      return isLost;
    },
    requireFolder: () => {
      if (!isLost) return;
      const detail = 'The data folder is gone or another one; send it again later.';
      throw new ProblemError('failing', detail);
    },
    close: () => {
      isClosed = true;
      end();
    },
  };
}
