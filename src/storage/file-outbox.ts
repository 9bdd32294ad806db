import type { Platform } from '../platform/platform.js';
import { newSegmentName, parseSegmentName, type SegmentName, type Writer } from './segment-name.js';
import type { OutboxBound, OutboxStorage } from './storage.js';

/** What the file outbox takes from the platform. */
export type FileOutboxPlatform = Pick<Platform, 'files' | 'processes' | 'now' | 'randomBytes'>;

/** A segment larger than this is none that this package has written. */
const MAX_SEGMENT_BYTES = 8 * 1024 * 1024;
/** A process that cannot be seen from here (another boot, another container) counts as gone when
 * its file was not written for this long. */
const UNSEEN_GRACE_MS = 60_000;
const LOSSES = 'losses';

type Segment = SegmentName & { readonly file: string };

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
  const { files, processes } = platform;
  /** What the last look at the folder showed, and what was claimed since. */
  let seen = new Map<string, Segment>();
  const claimed = new Map<string, { readonly reports: number; bytes: number }>();
  let open: { readonly name: string; reports: number } | undefined;
  let count = Math.floor((platform.randomBytes(1)[0] ?? 0) << 16); // two copies in one process
  const pathOf = (file: string): string => `${folder}/${file}`;
  const self = (): Writer => ({ pid: processes.pid, scope: processes.scope() });

  const segments = (): Segment[] =>
    files
      .list(folder)
      .flatMap((file) => {
        const segment = parseSegmentName(file);
        return segment ? [{ ...segment, file }] : [];
      })
      .sort((a, b) => a.createdMs - b.createdMs || (a.name < b.name ? -1 : 1));

  function isGone({ pid, scope }: Writer, file: string): boolean {
    if (scope === processes.scope()) return pid === dyingPid || !processes.isAlive(pid);
    const written = files.stat(pathOf(file))?.modifiedMs ?? platform.now();
    return Math.abs(platform.now() - written) > UNSEEN_GRACE_MS;
  }

  const isClaimable = ({ state, writer, claimer, file }: Segment): boolean =>
    state === 'ready' || isGone(claimer ?? writer, file);

  function look(): Segment[] {
    const found = segments();
    seen = new Map(found.map((segment) => [segment.name, segment]));
    return found;
  }

  function claimedFile(name: string): string {
    const { pid, scope } = self();
    return pathOf(`${name}.${claimed.get(name)?.reports ?? 1}.claimed-${pid}.${scope}`);
  }

  const outbox: Required<OutboxStorage> = {
    append(line) {
      open ??= { name: newSegmentName(platform.now(), self(), (count += 1)), reports: 0 };
      const file = pathOf(`${open.name}.open`);
      try {
        files.append(file, line);
      } catch (error) {
        if (open.reports === 0) discard(file);
        throw error;
      }
      open.reports += 1;
    },
    seal() {
      if (open === undefined) return;
      const { name, reports } = open;
      open = undefined;
      files.rename(pathOf(`${name}.open`), pathOf(`${name}.${reports}.ready`));
    },
    list: () =>
      look()
        .filter(isClaimable)
        .map(({ name }) => name),
    claim(name) {
      try {
        if (!seen.has(name)) look();
        const segment = seen.get(name);
        if (!segment || claimed.has(name) || !isClaimable(segment)) return undefined;
        claimed.set(name, { reports: segment.reports, bytes: Infinity });
        const text = files.rename(pathOf(segment.file), claimedFile(name))
          ? readClaimed(name)
          : undefined;
        if (text === undefined) claimed.delete(name);
        return text;
      } catch {
        claimed.delete(name);
        return undefined; // a folder of that name, another user's file: never in the others' way
      }
    },
    rewrite(name, text) {
      files.replace(claimedFile(name), text);
      claimed.set(name, {
        reports: claimed.get(name)?.reports ?? 1,
        bytes: bytesOf(claimedFile(name)),
      });
    },
    remove(name) {
      // A writer that could not be seen from here may have appended meanwhile.
      const hasGrown = bytesOf(claimedFile(name)) > (claimed.get(name)?.bytes ?? Infinity);
      if (hasGrown) return outbox.release(name);
      files.remove(claimedFile(name));
      claimed.delete(name);
    },
    release(name) {
      const reports = claimed.get(name)?.reports ?? 1;
      files.rename(claimedFile(name), pathOf(`${name}.${reports}.ready`));
      claimed.delete(name);
    },
    bound(limits) {
      const all = segments();
      let left = all.reduce((sum, { state, reports }) => sum + (state === 'open' ? 0 : reports), 0);
      let lost = 0;
      const bytes = ({ file }: Segment): number => bytesOf(pathOf(file));
      for (const { file, reports } of overBound(all, limits, platform.now(), bytes)) {
        left -= reports;
        if (files.remove(pathOf(file))) lost += reports;
      }
      return { lost, left };
    },
    lose: (reports) => files.append(pathOf(LOSSES), `${reports}\n`),
    lostTotal: () =>
      (files.read(pathOf(LOSSES)) ?? '')
        .split('\n')
        .reduce((total, line) => total + (/^\d{1,9}$/.test(line) ? Number(line) : 0), 0),
  };
  return outbox;

  /** A segment that was created, but could take nothing. */
  function discard(file: string): void {
    open = undefined;
    try {
      files.remove(file);
    } catch {
      return; // it was not even created
    }
  }

  function bytesOf(path: string): number {
    return files.stat(path)?.bytes ?? 0;
  }

  function readClaimed(name: string): string | undefined {
    const entry = claimed.get(name);
    if (entry) entry.bytes = bytesOf(claimedFile(name));
    return (entry?.bytes ?? 0) > MAX_SEGMENT_BYTES ? '' : files.read(claimedFile(name));
  }
}

/** The segments to give up: the oldest of those nobody is working on. */
function overBound(
  segments: readonly Segment[],
  { maxReports, maxBytes, maxAgeMs }: OutboxBound,
  nowMs: number,
  bytesOf: (segment: Segment) => number,
): Segment[] {
  const given: Segment[] = [];
  let reports = 0;
  let bytes = 0;
  for (const segment of segments.filter(({ state }) => state === 'ready').reverse()) {
    reports += segment.reports;
    bytes += bytesOf(segment);
    const isOld = nowMs - segment.createdMs > maxAgeMs;
    if (isOld || reports > maxReports || bytes > maxBytes) given.push(segment);
  }
  return given;
}
