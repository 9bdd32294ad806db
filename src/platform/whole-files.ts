import fs from 'node:fs';
import type { FileTools, WholeFiles } from './node-files.js';

/**
 * {@link WholeFiles} on the real disk.
 *
 * @param uniqueSuffix - gives the drafts of concurrent writers different names
 */
export function wholeFiles(
  { unless, patiently, inFolder, checked }: FileTools,
  uniqueSuffix: () => string,
): WholeFiles {
  /** Writes all of the text to a new file beside the target: no reader sees a part of it. */
  function writeBeside(file: string, text: string): string {
    const draft = `${file}.${uniqueSuffix()}.tmp`;
    try {
      inFolder(draft, () =>
        patiently(() => fs.writeFileSync(draft, text, { mode: 0o600, flag: 'wx' })),
      );
    } catch (error) {
      discard(draft); // a full disk creates the file but not its content
      throw error;
    }
    return draft;
  }

  /**
   * `rmSync()` would load code for folders, which takes 3 ms. A draft that another program holds
   * is removed by a sender a day later.
   */
  function discard(draft: string): void {
    try {
      patiently(() => fs.unlinkSync(draft));
    } catch {
      return; // it was never created, or it stays until a sender removes it
    }
  }

  /** link() fails if the name is taken. With open('wx'), a reader could see an empty file. */
  function link(draft: string, file: string): boolean {
    try {
      return unless(['EEXIST'], false, () => (patiently(() => fs.linkSync(draft, file)), true));
    } catch (error) {
      // Systems without links say so by many codes, such as EACCES, EXDEV, EINVAL and EISDIR.
      if ((error as { code?: unknown }).code === 'ENOSPC') throw error;
      const { COPYFILE_EXCL } = fs.constants;
      return unless(['EEXIST'], false, () => (fs.copyFileSync(draft, file, COPYFILE_EXCL), true));
    }
  }

  return {
    replace(file, text) {
      const draft = writeBeside(file, text);
      try {
        patiently(() => fs.renameSync(draft, file));
      } catch (error) {
        discard(draft);
        throw error;
      }
    },
    create(file, text) {
      const draft = writeBeside(file, text);
      try {
        return link(draft, file);
      } finally {
        discard(draft);
      }
    },
    touch(file) {
      const now = new Date();
      fs.lutimesSync(checked(file), now, now);
    },
  };
}
