import type { Files, Platform } from '../platform/platform.js';
import { MAX_SEGMENT_BYTES } from '../ranges.js';
import { reportLinesIn } from './outbox-lines.js';
import { parseSegmentName, type SegmentName } from './segment-name.js';

/** No report of this package is a shorter line. */
const MIN_LINE_BYTES = 100;
/** A segment of one report is hardly ever larger. */
const USUAL_BYTES = 8 * 1024;

/**
 * A segment with the numbers that its file confirms: other programs may have renamed it. Segments
 * of one report are believed, because 1000 `stat` calls would block the host.
 */
export function confirmed(
  segment: SegmentName,
  folder: string,
  files: Pick<Files, 'stat' | 'read'>,
): SegmentName {
  const { reports, bytes: named = 0, state, file } = segment;
  if (state === 'open' || (reports <= 1 && named <= USUAL_BYTES)) return segment;
  const path = `${folder}/${file}`;
  const bytes = sizeOf(path, files);
  if (bytes === undefined) return { ...segment, reports: 1, bytes: 0 };
  const most = Math.max(1, Math.floor(bytes / MIN_LINE_BYTES));
  if (reports <= most && named <= bytes) return { ...segment, bytes };
  return {
    ...segment,
    bytes,
    reports: reportsInFile(path, bytes, files) ?? Math.min(reports, most),
  };
}

/** How many reports a file has; `undefined` if it is too large, or cannot be read. */
export function reportsInFile(
  path: string,
  bytes: number,
  files: Pick<Files, 'read'>,
): number | undefined {
  try {
    if (bytes > MAX_SEGMENT_BYTES) return undefined;
    return Math.max(1, bytes === 0 ? 0 : reportLinesIn(files.read(path) ?? ''));
  } catch {
    return undefined;
  }
}

function sizeOf(path: string, files: Pick<Files, 'stat'>): number | undefined {
  try {
    return files.stat(path)?.bytes;
  } catch {
    return undefined;
  }
}

/** The number of reports in this process's sealed segments, including claimed ones. */
export function sealedReports(
  outboxFolder: string,
  { files, processes }: Pick<Platform, 'files' | 'processes'>,
  sealedNames: readonly string[] = [],
): number {
  const { pid } = processes;
  const own = { scope: processes.scope(), start: processes.startTime(pid) };
  let reports = 0;
  for (const file of files.list(outboxFolder)) {
    const segment = parseSegmentName(file);
    if (segment?.writer.pid !== pid || segment.state === 'open') continue;
    const { scope, start } = segment.writer;
    const isOwn =
      (scope === own.scope && start === own.start) || sealedNames.includes(segment.name);
    if (isOwn) reports += confirmed(segment, outboxFolder, files).reports;
  }
  return reports;
}
