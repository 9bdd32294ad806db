import type { Platform } from '../platform/platform.js';
import { clamp, MAX_SEGMENT_BYTES, MAX_SEGMENT_REPORTS } from '../ranges.js';
import { linesIn, newSegmentName } from './segment-name.js';
import type { BoundResult, OutboxBound } from './storage.js';

/** What a segment writer needs from the platform. */
export type SegmentWriterPlatform = Pick<Platform, 'files' | 'processes' | 'now' | 'uniqueHex'>;

/** The writing half of a file outbox. Most programs need no other part of it. */
export interface SegmentWriter {
  /** See {@link OutboxStorage.append}. */
  append(lines: string): void;
  /**
   * Writes a sealed segment by one open, write and close: most programs report once and end. Its
   * name gives its size in bytes, so that no sender claims it before all of them are written.
   */
  appendSealed(lines: string): true;
  /** See {@link OutboxStorage.seal}. */
  seal(): void;
  /**
   * How much is stored, if it is within the bound; `undefined` if segments may have to be deleted
   * to make room.
   */
  fits(limits: OutboxBound): BoundResult | undefined;
  /** The name of the open segment. */
  openName(): string | undefined;
  /** The names of the segments that {@link SegmentWriter.appendSealed} wrote. */
  readonly sealedNames: readonly string[];
}

/** See {@link SegmentWriter}. */
export function segmentWriter(folder: string, platform: SegmentWriterPlatform): SegmentWriter {
  const { files, processes } = platform;
  let open: { readonly name: string; reports: number } | undefined;
  const sealedNames: string[] = [];
  // Not 0: two copies of this package may run in one process.
  let count = Number.parseInt(platform.uniqueHex().slice(0, 6), 16);

  const nextName = (scope: string, start: string | undefined): string =>
    newSegmentName(platform.now(), { pid: processes.pid, scope, start }, (count += 1));

  function create(path: string, lines: string): void {
    try {
      files.append(path, lines);
    } catch (error) {
      discard(path);
      throw error;
    }
  }

  /** Removes a segment that was created but stayed empty. */
  function discard(path: string): void {
    try {
      files.remove(path);
    } catch {
      return; // it was not created
    }
  }

  return {
    append(lines) {
      const reports = linesIn(lines);
      if (open && files.extend(`${folder}/${open.name}.open`, lines)) {
        open.reports += reports;
        return;
      }
      open = undefined; // there was none yet, or a sender has claimed it
      const name = nextName(processes.scope(), processes.startTime(processes.pid));
      create(`${folder}/${name}.open`, lines);
      open = { name, reports };
    },
    appendSealed(lines) {
      // No scope and start time: a sender may claim it at once, even while its writer lives.
      const name = nextName('0', undefined);
      create(`${folder}/${name}.${linesIn(lines)}-${bytesOf(lines)}.ready`, lines);
      sealedNames.push(name);
      return true;
    },
    seal() {
      if (open === undefined) return;
      const { name, reports } = open;
      open = undefined;
      const path = `${folder}/${name}.open`;
      const bytes = files.stat(path)?.bytes ?? 0;
      files.rename(path, `${folder}/${name}.${reports}-${bytes}.ready`);
    },
    fits({ maxReports, maxBytes, maxAgeMs }) {
      const nowMs = platform.now();
      let left = 0;
      let open = 0;
      let bytes = 0;
      for (const file of files.list(folder)) {
        const end = file.lastIndexOf('.');
        const state = file.slice(end + 1);
        // The name of a claimed segment has dots in its state. The count stands before it.
        const claim = file.indexOf('.claimed-');
        if (claim < 0 && state !== 'ready' && state !== 'open') continue; // not a segment
        if (Math.abs(nowMs - Number.parseInt(file, 10)) > maxAgeMs) return undefined;
        const size =
          file
            .slice(0, claim < 0 ? end : claim)
            .split('.')
            .pop() ?? '';
        const [reports, ownBytes] = size.split('-');
        if (state === 'open') open += 1;
        else {
          left += clamp(reports, MAX_SEGMENT_REPORTS) || 1;
          bytes += clamp(ownBytes, MAX_SEGMENT_BYTES);
        }
      }
      return left + open <= maxReports && bytes <= maxBytes ? { lost: 0, left } : undefined;
    },
    openName: () => open?.name,
    sealedNames,
  };
}

/** The length in UTF-8. */
function bytesOf(text: string): number {
  let bytes = text.length;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code > 0x7f) bytes += code > 0x7ff && (code < 0xd800 || code > 0xdfff) ? 2 : 1;
  }
  return bytes;
}
