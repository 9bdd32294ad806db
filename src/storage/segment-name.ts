import { clamp, MAX_PID, MAX_SEGMENT_BYTES, MAX_SEGMENT_REPORTS, MAX_TIME_MS } from '../ranges.js';

/** What the name of a segment's file says. */
export interface SegmentName {
  readonly file: string;
  /** `<time>-<pid>.<scope>.<start>-<number>`: when and by which process it was made. Unique. */
  readonly name: string;
  readonly createdMs: number;
  readonly writer: Writer;
  readonly state: 'open' | 'ready' | 'claimed';
  /** The process that has claimed it. */
  readonly claimer: Writer | undefined;
  /** The number of reports. Exact for a sealed segment, and 1 for an open one. */
  readonly reports: number;
  /** Its size when it was sealed. In the name, because 1000 `stat` calls would block the host. */
  readonly bytes: number | undefined;
}

/** A process. Its pid alone is ambiguous: systems use pids again. */
export interface Writer {
  readonly pid: number;
  readonly scope: string;
  /** When it was started, if the system tells. */
  readonly start: string | undefined;
}

/** A literal: V8 compiles it when it is first used, and the host's entry does not contain it. */
const SEGMENT =
  /^((\d+)-(\d+)\.([0-9a-f]+)(?:\.(\d+))?-[0-9a-f]+)(?:\.(\d+)(?:-(\d+))?)?\.(open|ready|claimed-(\d+)\.([0-9a-f]+)(?:\.(\d+))?)$/;

/** Reads the name of a file; `undefined` if it is not a segment. */
export function parseSegmentName(file: string): SegmentName | undefined {
  const [, name, created, pid, scope, start, reports, bytes, state, ...claimer] =
    SEGMENT.exec(file) ?? [];
  const [claimerPid, claimerScope, claimerStart] = claimer;
  if (name === undefined || scope === undefined) return undefined;
  return {
    file,
    name,
    createdMs: clamp(created, MAX_TIME_MS),
    writer: { pid: clamp(pid, MAX_PID), scope, start },
    state: state === 'open' || state === 'ready' ? state : 'claimed',
    claimer:
      claimerScope === undefined
        ? undefined
        : { pid: clamp(claimerPid, MAX_PID), scope: claimerScope, start: claimerStart },
    reports: clamp(reports ?? 1, MAX_SEGMENT_REPORTS),
    bytes: bytes === undefined ? undefined : clamp(bytes, MAX_SEGMENT_BYTES),
  };
}

/** The name of a new segment. The names of one process sort in the order of creation. */
export function newSegmentName(createdMs: number, writer: Writer, count: number): string {
  return `${createdMs}-${writerName(writer)}-${count.toString(16).padStart(6, '0')}`;
}

/** A process, in the form used in names of segments. */
export const writerName = ({ pid, scope, start }: Writer): string =>
  `${pid}.${scope}${start === undefined ? '' : `.${start}`}`;

/** The number of lines in a text; the last one may lack its newline. */
export function linesIn(text: string): number {
  let lines = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lines += 1;
  return text === '' || text.endsWith('\n') ? lines : lines + 1;
}
