import { LOSSES } from '../file-names.js';
import type { Platform } from '../platform/platform.js';
import { clamp, MAX_LOST, MAX_SEGMENT_BYTES } from '../ranges.js';
import { reportLinesIn } from './outbox-lines.js';
import { parseSegmentName, type SegmentName, type Writer, writerName } from './segment-name.js';
import { confirmed, reportsInFile } from './segment-reports.js';
import { segmentWriter } from './segment-writer.js';
import type { OutboxBound, OutboxStorage } from './storage.js';

/** The parts of the platform that the file outbox needs. */
export type FileOutboxPlatform = Pick<Platform, 'files' | 'processes' | 'now' | 'uniqueHex'>;

/**
 * Some writers cannot be checked: processes of another boot or container, and threads of running
 * processes. They count as dead if their file was not written for this long. A writer that was
 * only idle notices that its file is gone, and starts a new segment.
 */
const UNSEEN_GRACE_MS = 60_000;
/** No sender works on a segment for longer: after this, its thread must have crashed. */
const CLAIM_GRACE_MS = 20_000;

interface Claim {
  /** The claimed file. */
  readonly path: string;
  readonly reports: number;
  /** How much of the file was read. */
  readonly bytes: number;
}

/**
 * An outbox in a folder. Each segment is a file, and its state is in the file's name. Every change
 * of state is one rename, so that exactly one of many processes gets a segment. Open and claimed
 * segments of dead processes count as ready.
 *
 * @param dyingPid - a process that is ending: its segments may be claimed
 */
export function fileOutbox(
  folder: string,
  platform: FileOutboxPlatform,
  dyingPid?: number,
): Required<OutboxStorage> {
  const { files, processes } = platform;
  /** The segments that the folder contained when it was last read. */
  let seen = new Map<string, SegmentName>();
  const claimed = new Map<string, Claim>();
  const own = segmentWriter(folder, platform);
  const pathOf = (file: string): string => `${folder}/${file}`;
  const readyPath = (name: string, reports: number, bytes: number): string =>
    pathOf(`${name}.${reports}-${bytes}.ready`);
  const self = (): Writer => ({
    pid: processes.pid,
    scope: processes.scope(),
    start: processes.startTime(processes.pid),
  });

  function segments(): SegmentName[] {
    const found: SegmentName[] = [];
    for (const file of files.list(folder)) {
      const segment = parseSegmentName(file);
      if (segment) found.push(segment);
    }
    return found.sort((a, b) => a.createdMs - b.createdMs || (a.name < b.name ? -1 : 1));
  }

  function isDead({ pid, scope, start }: Writer, file: string): boolean {
    if (scope === processes.scope()) return pid === dyingPid || !processes.isAlive(pid, start);
    return isSilent(file, UNSEEN_GRACE_MS);
  }

  function isSilent(file: string, graceMs: number): boolean {
    const written = files.stat(pathOf(file))?.modifiedMs ?? platform.now();
    return Math.abs(platform.now() - written) > graceMs;
  }

  /** Its writer has made the file, and writes the report. */
  function isIncomplete({ bytes = 0, file }: SegmentName): boolean {
    try {
      return bytesOf(pathOf(file)) < bytes && !isSilent(file, UNSEEN_GRACE_MS);
    } catch {
      return false; // not to be looked at: to claim it fails as well
    }
  }

  const isAbandoned = ({ name, state, writer, claimer, file }: SegmentName): boolean =>
    state === 'ready' ||
    isDead(claimer ?? writer, file) ||
    (state === 'open' && name !== own.openName() && isSilent(file, UNSEEN_GRACE_MS));

  const isClaimable = (segment: SegmentName): boolean =>
    (isAbandoned(segment) && !(segment.state === 'ready' && isIncomplete(segment))) ||
    (segment.state === 'claimed' && isSilent(segment.file, CLAIM_GRACE_MS));

  /** The clock of a writer may have made no sense: the time of the file counts then. */
  const createdMs = ({ createdMs: named, file }: SegmentName): number =>
    named > 0 ? named : (files.stat(pathOf(file))?.modifiedMs ?? 0);

  function look(): SegmentName[] {
    const found = segments();
    seen = new Map(found.map((segment) => [segment.name, segment]));
    return found;
  }

  const outbox: Required<OutboxStorage> = {
    append: (lines) => own.append(lines),
    seal: () => own.seal(),
    list: () =>
      look()
        .filter(isClaimable)
        .map(({ name }) => name),
    claim(name) {
      try {
        if (!seen.has(name)) look();
        const segment = seen.get(name);
        if (!segment || claimed.has(name) || !isClaimable(segment)) return undefined;
        return take(segment);
      } catch {
        return undefined; // a folder of that name, or another user's file: skip it
      }
    },
    rewrite(name, text) {
      const claim = claimed.get(name);
      if (!claim || hasGrown(claim)) return false;
      files.replace(claim.path, text);
      const reports = Math.max(1, reportLinesIn(text));
      claimed.set(name, { ...claim, bytes: bytesOf(claim.path), reports });
      return undefined;
    },
    remove(name) {
      const claim = claimed.get(name);
      if (!claim) return;
      if (hasGrown(claim)) return outbox.release(name);
      files.remove(claim.path);
      claimed.delete(name);
    },
    release(name) {
      const claim = claimed.get(name);
      if (!claim) return;
      files.rename(claim.path, readyPath(name, claim.reports, bytesOf(claim.path)));
      claimed.delete(name);
    },
    bound(limits) {
      const fitting = own.fits(limits);
      if (fitting) return fitting;
      const nowMs = platform.now();
      const all = segments().map((segment) => confirmed(segment, folder, files));
      let left = all.reduce((sum, { state, reports }) => sum + (state === 'open' ? 0 : reports), 0);
      let lost = 0;
      // The writer of a new segment is most likely alive: do not spend a system call on each.
      const mayGo = all.filter(
        (segment) =>
          segment.state === 'ready' ||
          (Math.abs(nowMs - segment.createdMs) > UNSEEN_GRACE_MS && isAbandoned(segment)),
      );
      const bytes = (segment: SegmentName): number =>
        segment.bytes ?? bytesOf(pathOf(segment.file));
      const ageMs = (segment: SegmentName): number => nowMs - createdMs(segment);
      for (const segment of overBound(mayGo, limits, ageMs, bytes)) {
        const reports = reportsIn(segment);
        if (segment.state !== 'open') left -= segment.reports;
        if (files.remove(pathOf(segment.file))) lost += reports;
      }
      return { lost, left };
    },
    lose: (reports) => files.append(pathOf(LOSSES), `${reports}\n`),
    lostTotal: () =>
      (files.read(pathOf(LOSSES)) ?? '')
        .split('\n')
        .reduce((total, line) => clamp(total + clamp(line, MAX_LOST), MAX_LOST), 0),
  };
  return outbox;

  /** Whether the writer has appended to the segment since it was read: it was alive after all. */
  function hasGrown({ path, bytes }: Claim): boolean {
    return bytesOf(path) > bytes;
  }

  function bytesOf(path: string): number {
    return files.stat(path)?.bytes ?? 0;
  }

  function take(segment: SegmentName): string | undefined {
    const { name, reports } = confirmed(segment, folder, files);
    const from = pathOf(segment.file);
    const path = pathOf(`${name}.${reports}.claimed-${writerName(self())}`);
    if (!files.rename(from, path)) return undefined;
    try {
      const bytes = bytesOf(path);
      const text = bytes > MAX_SEGMENT_BYTES ? '' : files.read(path);
      if (text === undefined) return undefined;
      files.touch(path); // the time of the claim
      claimed.set(name, {
        path,
        bytes,
        reports: text === '' ? reports : Math.max(1, reportLinesIn(text)),
      });
      return text;
    } catch (error) {
      files.rename(path, from); // undo the claim
      throw error;
    }
  }

  /** How many reports are lost with the file. The name of an open segment does not say. */
  function reportsIn({ state, reports, file }: SegmentName): number {
    try {
      if (state !== 'open' && reports <= 1) return reports;
      return reportsInFile(pathOf(file), bytesOf(pathOf(file)), files) ?? reports;
    } catch {
      return reports;
    }
  }
}

/** The oldest of these segments, which must be deleted to stay within the limits. */
function overBound(
  segments: readonly SegmentName[],
  { maxReports, maxBytes, maxAgeMs }: OutboxBound,
  ageMs: (segment: SegmentName) => number,
  bytesOf: (segment: SegmentName) => number,
): SegmentName[] {
  const given: SegmentName[] = [];
  let reports = 0;
  let bytes = 0;
  for (const segment of segments.toReversed()) {
    reports += segment.reports;
    bytes += bytesOf(segment);
    if (ageMs(segment) > maxAgeMs || reports > maxReports || bytes > maxBytes) given.push(segment);
  }
  return given;
}
