import type { Platform } from '../platform/platform.js';

/** A segment as the name of its file tells it. */
export interface SegmentName {
  readonly file: string;
  /** `<time>-<pid>.<scope>.<start>-<number>`: who made it, when; unique. */
  readonly name: string;
  readonly createdMs: number;
  readonly writer: Writer;
  readonly state: 'open' | 'ready' | 'claimed';
  /** Who has claimed it. */
  readonly claimer: Writer | undefined;
  /** How many reports it holds. Exact once it was sealed; taken as one before. */
  readonly reports: number;
  /** Its size when it was sealed: to ask the disk for that of a thousand would hold up the host. */
  readonly bytes: number | undefined;
}

/** A process, by its pid and what makes that unambiguous. */
export interface Writer {
  readonly pid: number;
  readonly scope: string;
  /** When it was started, where the system says so: its number may be used again. */
  readonly start: string | undefined;
}

const WRITER = String.raw`(\d+)\.([0-9a-f]+)(?:\.(\d+))?`;
const SEGMENT = new RegExp(
  String.raw`^((\d+)-${WRITER}-[0-9a-f]+)(?:\.(\d+)(?:-(\d+))?)?\.(open|ready|claimed-${WRITER})$`,
);

/** Reads the name of a file; `undefined` for one that is none of ours. */
export function parseSegmentName(file: string): SegmentName | undefined {
  const [, name, created, pid, scope, start, reports, bytes, state, ...claimer] =
    SEGMENT.exec(file) ?? [];
  const [claimerPid, claimerScope, claimerStart] = claimer;
  if (name === undefined || scope === undefined) return undefined;
  return {
    file,
    name,
    createdMs: Number(created),
    writer: { pid: Number(pid), scope, start },
    state: state === 'open' || state === 'ready' ? state : 'claimed',
    claimer:
      claimerScope === undefined
        ? undefined
        : { pid: Number(claimerPid), scope: claimerScope, start: claimerStart },
    reports: Number(reports ?? 1),
    bytes: bytes === undefined ? undefined : Number(bytes),
  };
}

/** The name of a new segment. Those of one process sort in the order they were made in. */
export function newSegmentName(createdMs: number, writer: Writer, count: number): string {
  return `${createdMs}-${writerName(writer)}-${count.toString(16).padStart(6, '0')}`;
}

/** A process, as it stands in the names of segments. */
export const writerName = ({ pid, scope, start }: Writer): string =>
  `${pid}.${scope}${start === undefined ? '' : `.${start}`}`;

/** How many lines a text has; the last one may lack its newline. */
export function linesIn(text: string): number {
  let lines = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lines += 1;
  return text === '' || text.endsWith('\n') ? lines : lines + 1;
}

/** How many reports wait in the sealed segments of this process, claimed ones included. */
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
    if (isOwn) reports += segment.reports;
  }
  return reports;
}
