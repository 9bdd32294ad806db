import type {
  CleaningFigures,
  CleaningSelection,
  CleaningState,
} from '../../src/rules/cleaning.js';
import type { FoldedQuality } from '../../src/rules/fold.js';
import type { HourCell } from '../../src/rules/hour-cells.js';
import type { Interval } from '../../src/rules/period.js';
import { mergeUsers, type UserState } from '../../src/rules/user-state.js';
import type { KeptSpan } from '../../src/store/questions.js';

/** A user as the memory store holds it. */
export interface StoredUser {
  readonly project: string;
  readonly uid: Buffer;
  readonly state: UserState<string>;
  /** What the user counts under on each active day, by dimension. */
  readonly days: ReadonlyMap<number, ReadonlyMap<string, string>>;
  /** What each report said that came from no build farm. */
  readonly said: readonly Saying[];
}

/** A value of an event or a field that a user's report said. */
export interface Saying {
  readonly day: number;
  readonly dimension: string;
  readonly value: string;
  /** The cleanings of reports that took it. */
  readonly takenBy: ReadonlySet<string>;
}

/** A report as the memory store holds it. */
export interface StoredReport {
  readonly project: string;
  readonly ci: boolean;
  readonly day: number;
  readonly values: readonly (readonly [dimension: string, value: string])[];
  /** Whether only its values count, since a cleaning took the rest or has given them back. */
  readonly isPart?: boolean;
}

/** A cleaning as the memory store holds it, with what it took. */
export interface StoredCleaning {
  readonly id: string;
  readonly selection: CleaningSelection;
  readonly cleanedAt: number;
  readonly until: number;
  readonly figures: CleaningFigures;
  /** The earlier cleanings that held people whom this one took too. */
  readonly covers: readonly string[];
  state: CleaningState;
  users: StoredUser[];
  reports: StoredReport[];
  quality: FoldedQuality[];
  hours: HourCell[];
}

/** Counts that nothing can change any more, or that take something back. */
export interface Frozen {
  readonly project: string;
  readonly gaps: readonly { readonly ci: boolean; readonly day: number; readonly gap: number }[];
  readonly valueGaps: readonly {
    readonly dimension: string;
    readonly day: number;
    readonly value: string;
    readonly gap: number;
  }[];
  readonly cells: readonly {
    readonly interval: Interval;
    readonly cohort: number;
    readonly period: number;
  }[];
  readonly by: 1 | -1;
}

/** All that a memory store holds. */
export interface Memory {
  readonly users: Map<string, StoredUser>;
  reports: StoredReport[];
  quality: FoldedQuality[];
  /** When reports came, hour by hour, of each project. */
  readonly hours: Map<string, readonly HourCell[]>;
  /** In the order in which they were begun. */
  readonly cleanings: StoredCleaning[];
  /** What users count for whose days are no longer kept. */
  frozen: Frozen[];
  /** What users gone by age have in the total of lost reports. */
  gone: { readonly project: string; readonly lost: number; readonly cut: number }[];
  spans: KeptSpan[];
  /** Deletions, in milliseconds since 1970. */
  readonly tombstones: Map<string, number>;
  /** The values of each dimension of each project. */
  readonly values: Map<string, Map<string, Set<string>>>;
  readonly projects: Set<string>;
  /** The newest day of receipt of each project's counted reports. */
  readonly newestDays: Map<string, number>;
  changedAt: number | null;
  /** The days of receipt of reports whose country was looked up. */
  readonly countryDays: number[];
}

/** The key of a user among those of all projects. */
export const memoryKey = (project: string, uid: Uint8Array): string =>
  `${Buffer.from(uid).toString('latin1')}${project}`;

/** What is taken out of a user, in the order in which it was counted, and then what counts. */
export function partsOf({ cleanings, users }: Memory, key: string): StoredUser[] {
  const taken = cleanings.flatMap((one) => one.users);
  const counted = users.get(key);
  return [
    ...taken.filter(({ project, uid }) => memoryKey(project, uid) === key),
    ...(counted ? [counted] : []),
  ];
}

/** Puts parts of one user together, in the order in which they were counted. */
export const joinUsers = (a: StoredUser, b: StoredUser): StoredUser => ({
  ...a,
  state: mergeUsers(a.state, b.state),
  days: new Map([...b.days, ...a.days]),
  said: [...a.said, ...b.said],
});
