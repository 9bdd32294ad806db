import type { CountedReport, QualityKind } from './counted-report.js';
import { boundSaid } from './said-values.js';
import { mergeUsers, userOfReport, type UserState } from './user-state.js';

/** A report whose values have got their places. */
export interface PlacedReport<Value> {
  readonly report: CountedReport;
  /** What the report counts under, in the order of `USER_DIMENSIONS`. */
  readonly values: readonly Value[];
  /** Its event and fields, as far as there is room for their dimensions; none of a build farm. */
  readonly said: readonly Value[];
}

/** One user's part of a batch. */
export interface FoldedUser<Value> {
  readonly project: string;
  readonly uid: Buffer;
  readonly state: UserState<Value>;
}

/** How often something was counted for a project on a day. */
export interface FoldedQuality {
  /** `null` if it is unknown or does not exist. */
  readonly project: string | null;
  /** Numbered since 1970. */
  readonly day: number;
  readonly kind: QualityKind;
  readonly count: number;
}

/** Folds reports into one state per user, sorted by project and uid as stores keep them. */
export function foldUsers<Value>(reports: readonly PlacedReport<Value>[]): FoldedUser<Value>[] {
  const users = new Map<string, FoldedUser<Value>>();
  for (const { report, values, said } of reports) {
    const { project, uid } = report;
    // One letter for each byte, so that texts are in the order of the bytes.
    const key = `${uid.toString('latin1')}${project}`;
    const before = users.get(key);
    const state = userOfReport(report, values, said);
    users.set(key, {
      project,
      uid,
      state: before === undefined ? state : mergeUsers(before.state, state),
    });
  }
  return [...users]
    .sort(
      ([a, { project }], [b, other]) => compareText(project, other.project) || compareText(a, b),
    )
    .map(([, user]) => user);
}

/** Folds what is to be counted of the reports' quality. */
export function foldQuality(
  counted: readonly CountedReport[],
  others: { readonly [Kind in 'duplicates' | 'forgotten']: readonly CountedReport[] },
): FoldedQuality[] {
  const counts = new Map<string, FoldedQuality>();
  const add = ({ project, receivedDay }: CountedReport, kind: QualityKind): void => {
    const key = `${receivedDay} ${kind} ${project}`;
    const count = (counts.get(key)?.count ?? 0) + 1;
    counts.set(key, { project, day: receivedDay, kind, count });
  };
  for (const report of counted) {
    add(report, 'accepted');
    for (const mark of report.marks) add(report, mark);
  }
  for (const report of others.duplicates) add(report, 'duplicates');
  for (const report of others.forgotten) add(report, 'forgotten');
  return [...counts.values()];
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** A user with what a batch adds, and with no more values said than are kept. */
export function addToUser<Value>(
  before: UserState<Value> | undefined,
  state: UserState<Value>,
): UserState<Value> {
  const merged = before === undefined ? state : mergeUsers(before, state);
  const said = boundSaid(merged.said);
  return said === merged.said ? merged : { ...merged, said };
}
