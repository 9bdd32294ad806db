import type { Platform } from '../platform/platform.js';
import type { OutboxStorage } from './storage.js';

/** What the file outbox takes from the platform. */
export type FileOutboxPlatform = Pick<
  Platform,
  'files' | 'pid' | 'now' | 'randomBytes' | 'isAlive'
>;

/** `<time>-<pid>-<random>.<state>`; a claimed one ends with the pid of its claimer. */
const SEGMENT = /^(\d+-(\d+)-[0-9a-f]+)\.(?:(open)|(ready)|claimed-(\d+))$/;

/**
 * An outbox in a folder, one file a segment, its state in the file's name. Every step is one
 * rename, so that of many processes exactly one gets a segment. Segments of processes that died,
 * before they sealed one or after they claimed one, count as ready.
 *
 * @param dyingPid - a process that is ending: what it still holds may be taken over
 */
export function fileOutbox(
  folder: string,
  platform: FileOutboxPlatform,
  dyingPid?: number,
): OutboxStorage {
  const { files } = platform;
  let open: string | undefined;
  const pathOf = (file: string): string => `${folder}/${file}`;
  const claimed = (name: string): string => pathOf(`${name}.claimed-${platform.pid}`);
  const isGone = (pid: string): boolean =>
    Number(pid) === dyingPid || !platform.isAlive(Number(pid));

  /** The files that may be claimed, by segment name. */
  function claimable(): Map<string, string> {
    const found = new Map<string, string>();
    for (const file of files.list(folder).sort()) {
      const [, name, writer, isOpen, isReady, claimer] = SEGMENT.exec(file) ?? [];
      if (name === undefined || writer === undefined) continue; // not one of ours
      if (isReady || (isOpen ? isGone(writer) : claimer !== undefined && isGone(claimer))) {
        found.set(name, file);
      }
    }
    return found;
  }

  function newSegment(): string {
    const random = Array.from(platform.randomBytes(4), (byte) =>
      byte.toString(16).padStart(2, '0'),
    );
    return `${platform.now()}-${platform.pid}-${random.join('')}`;
  }

  return {
    append(lines) {
      open ??= newSegment();
      files.append(pathOf(`${open}.open`), lines);
    },
    seal() {
      if (open === undefined) return;
      const name = open;
      open = undefined;
      files.rename(pathOf(`${name}.open`), pathOf(`${name}.ready`));
    },
    list: () => [...claimable().keys()],
    claim(name) {
      const file = claimable().get(name);
      if (file === undefined || !files.rename(pathOf(file), claimed(name))) return undefined;
      return files.read(claimed(name));
    },
    rewrite: (name, text) => files.replace(claimed(name), text),
    remove: (name) => void files.remove(claimed(name)),
    release: (name) => void files.rename(claimed(name), pathOf(`${name}.ready`)),
  };
}
