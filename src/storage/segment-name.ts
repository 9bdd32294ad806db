/** A segment as the name of its file tells it. */
export interface SegmentName {
  /** `<time>-<pid>.<scope>-<number>`: who made it, when; unique. */
  readonly name: string;
  readonly createdMs: number;
  readonly writer: Writer;
  readonly state: 'open' | 'ready' | 'claimed';
  /** Who has claimed it. */
  readonly claimer: Writer | undefined;
  /** How many reports it holds. Exact once it was sealed; taken as one before. */
  readonly reports: number;
}

/** A process, by its pid and what makes that unambiguous. */
export interface Writer {
  readonly pid: number;
  readonly scope: string;
}

const WRITER = String.raw`(\d+)\.([0-9a-f]+)`;
const SEGMENT = new RegExp(
  String.raw`^((\d+)-${WRITER}-[0-9a-f]+)(?:\.(\d+))?\.(open|ready|claimed-${WRITER})$`,
);

/** Reads the name of a file; `undefined` for one that is none of ours. */
export function parseSegmentName(file: string): SegmentName | undefined {
  const [, name, created, pid, scope, reports, state, claimerPid, claimerScope] =
    SEGMENT.exec(file) ?? [];
  if (name === undefined || scope === undefined) return undefined;
  return {
    name,
    createdMs: Number(created),
    writer: { pid: Number(pid), scope },
    state: state === 'open' || state === 'ready' ? state : 'claimed',
    claimer:
      claimerScope === undefined ? undefined : { pid: Number(claimerPid), scope: claimerScope },
    reports: Number(reports ?? 1),
  };
}

/** The name of a new segment. Those of one process sort in the order they were made in. */
export function newSegmentName(createdMs: number, { pid, scope }: Writer, count: number): string {
  return `${createdMs}-${pid}.${scope}-${count.toString(16).padStart(6, '0')}`;
}
