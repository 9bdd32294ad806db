import type { Files, Folders } from '../../platform/platform.js';

/** Says which folder Headcount must not use, if there is one. */
export function refusedFolder(folders: Folders | undefined, files: Files): string | undefined {
  try {
    for (const folder of folders ? [folders.outbox, folders.config] : []) {
      files.check(folder);
      const place = nearest(folder, files);
      if (isOfOthers(place, files)) return refusal(`${place} belongs to another user`);
    }
    return undefined;
  } catch (error) {
    return refusal(error instanceof Error ? error.message : 'a folder cannot be looked at');
  }
}

/** The folder itself, or the nearest one above it that is there. */
function nearest(folder: string, files: Files): string {
  let path = folder;
  while (path !== '' && !files.stat(`${path}/.`)) {
    path = path.slice(0, Math.max(0, path.lastIndexOf('/')));
  }
  return path;
}

/** In the folders of root, such as /tmp, a user may make folders. */
function isOfOthers(folder: string, files: Files): boolean {
  const found = files.stat(`${folder}/.`);
  return found !== undefined && found.isForeign && found.uid !== 0;
}

const refusal = (why: string): string =>
  `${why}: Headcount writes nothing there, and keeps what it can in memory.`;
