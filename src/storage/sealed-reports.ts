import type { Platform } from '../platform/platform.js';
import { parseSegmentName } from './segment-name.js';

/** How many reports wait in the sealed segments of this process, claimed ones included. */
export function sealedReports(
  outboxFolder: string,
  { files, processes }: Pick<Platform, 'files' | 'processes'>,
): number {
  const { pid } = processes;
  const own = { scope: processes.scope(), start: processes.startTime(pid) };
  let reports = 0;
  for (const file of files.list(outboxFolder)) {
    const segment = parseSegmentName(file);
    if (segment?.writer.pid !== pid || segment.state === 'open') continue;
    const { scope, start } = segment.writer;
    if (scope === own.scope && start === own.start) reports += segment.reports;
  }
  return reports;
}
