import { EVENT_DIMENSION, USER_DIMENSIONS } from './dimensions.js';
import type { UserState } from './user-state.js';
import type { ValuedActivity } from './value-runs.js';

/** For so many days a cleaning can be undone. Then what it took out is erased. */
export const UNDO_DAYS = 7;

/** A value of a dimension of people, or of reports. */
export interface CleanedValue {
  readonly dimension: string;
  readonly value: string;
}

/** Days, both included and numbered since 1970. */
export interface CleanedDays {
  readonly from: number;
  readonly to: number;
}

/** Beyond every day that a date can have. */
export const ALL_DAYS: CleanedDays = { from: -1e9, to: 1e9 };

/** What a cleaning takes out of a project. With nothing but the project: everything. */
export interface CleaningSelection {
  readonly project: string;
  readonly days: CleanedDays | null;
  /**
   * Whether people are chosen by their first day alone. Otherwise all of their days must be among
   * {@link days}.
   */
  readonly isNew: boolean;
  readonly where: CleanedValue | null;
}

/** Whether a cleaning takes all of a project, people, or counts of reports. */
export type CleaningKind = 'project' | 'people' | 'reports';

/** What kind of cleaning a selection is for. */
export function kindOfCleaning({ days, where }: CleaningSelection): CleaningKind {
  if (where === null) return days === null ? 'project' : 'people';
  return indexOfDimension(where.dimension) === -1 ? 'reports' : 'people';
}

/** The place of a dimension of people among a user's values; -1 for those of reports. */
export const indexOfDimension = (dimension: string): number =>
  USER_DIMENSIONS.findIndex((name) => name === dimension);

/** What {@link selectsUser} needs to know of a user. */
interface Selectable<Value> extends ValuedActivity<Value> {
  readonly firstDay: number;
}

/**
 * Whether a cleaning takes a user. With a value, it takes those who had the value on each day that
 * is kept of them: a person who also had another one stays.
 *
 * @param value - The selection's value, as the user's are given; `undefined` if nobody has it.
 */
export function selectsUser<Value>(
  { days, isNew, where }: CleaningSelection,
  { firstDay, lastDay, runs }: Selectable<Value>,
  value: Value | undefined,
): boolean {
  if (days !== null) {
    const { from, to } = days;
    if (firstDay < from || (isNew ? firstDay : lastDay) > to) return false;
  }
  if (where === null) return true;
  const at = indexOfDimension(where.dimension);
  return value !== undefined && runs.every(({ values }) => values[at] === value);
}

/** The dimensions that a cleaning of reports takes a value's counts from. */
export const isFieldOf = (event: string, dimension: string): boolean =>
  dimension.startsWith(`field:${event}.`);

/** Whether reports are taken with all their fields, and out of the number of reports. */
export const takesWholeReports = ({ dimension }: CleanedValue): boolean =>
  dimension === EVENT_DIMENSION;

/** What a cleaning took out, or would take out. */
export interface CleaningFigures {
  readonly people: number;
  readonly ci: number;
  readonly reports: number;
  /** The first and the last day of what is taken, numbered since 1970; `null` without any. */
  readonly days: CleanedDays | null;
  /** People by their newest values. */
  readonly os: Readonly<Record<string, number>>;
  readonly version: Readonly<Record<string, number>>;
}

/** The figures of a cleaning that takes nothing. */
export const NOTHING_CLEANED: CleaningFigures = {
  people: 0,
  ci: 0,
  reports: 0,
  days: null,
  os: {},
  version: {},
};

/** The figures of one user. */
export function figuresOfUser(user: UserState<string>): CleaningFigures {
  const { ci, reports, firstDay, lastDay, os, version } = user;
  return {
    people: ci ? 0 : 1,
    ci: ci ? 1 : 0,
    reports,
    days: { from: firstDay, to: lastDay },
    os: ci ? {} : { [os]: 1 },
    version: ci ? {} : { [version]: 1 },
  };
}

/** Adds up figures. */
export function addFigures(all: readonly CleaningFigures[]): CleaningFigures {
  const days = all.map((one) => one.days).filter((one) => one !== null);
  const sum = (name: 'people' | 'ci' | 'reports'): number =>
    all.reduce((total, one) => total + one[name], 0);
  return {
    people: sum('people'),
    ci: sum('ci'),
    reports: sum('reports'),
    days: days.length === 0 ? null : daysAround(days),
    os: addCounts(all.map(({ os }) => os)),
    version: addCounts(all.map(({ version }) => version)),
  };
}

const daysAround = (all: readonly CleanedDays[]): CleanedDays =>
  all.reduce((a, b) => ({ from: Math.min(a.from, b.from), to: Math.max(a.to, b.to) }));

function addCounts(all: readonly CleaningFigures['os'][]): CleaningFigures['os'] {
  const counts = new Map<string, number>();
  for (const one of all) {
    for (const [value, n] of Object.entries(one)) counts.set(value, (counts.get(value) ?? 0) + n);
  }
  return Object.fromEntries(counts);
}

/** Whether a cleaning runs, can be undone, was undone, or its data is gone. */
export type CleaningState = 'taking' | 'taken' | 'undoing' | 'undone' | 'expiring' | 'expired';

/** A cleaning, as a store keeps it. */
export interface Cleaning {
  readonly id: string;
  readonly selection: CleaningSelection;
  /** In milliseconds since 1970. */
  readonly cleanedAt: number;
  /** When it can no longer be undone, in milliseconds since 1970. */
  readonly until: number;
  readonly state: CleaningState;
  /** How far a running step is: from 0 to 1. */
  readonly share: number;
  readonly figures: CleaningFigures;
  /** Later cleanings that took the same people and must be undone before. */
  readonly coveredBy: readonly string[];
}

/** A step of the administrator's, in its place among the reports. */
export type CleaningStep =
  | {
      readonly step: 'take';
      readonly id: string;
      /** In milliseconds since 1970. */
      readonly at: number;
      readonly until: number;
      readonly selection: CleaningSelection;
    }
  /** Without effect if the cleaning is unknown, not finished, undone, over, or covered. */
  | { readonly step: 'undo'; readonly id: string; readonly at: number }
  /** Erases what was taken out by the cleanings that can no longer be undone. */
  | { readonly step: 'expire'; readonly at: number };
