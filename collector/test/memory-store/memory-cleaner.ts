import {
  addFigures,
  type CleaningFigures,
  type CleaningSelection,
  type CleaningStep,
  figuresOfUser,
  isFieldOf,
  kindOfCleaning,
  NOTHING_CLEANED,
} from '../../src/rules/cleaning.js';
import { giveHoursBack, takeHours } from './memory-hours.js';
import {
  joinUsers,
  type Memory,
  memoryKey,
  type StoredCleaning,
  type StoredReport,
  type StoredUser,
} from './memory.js';

/** The users that a cleaning takes, by what it says of them. */
export function usersToTake(
  { users }: Memory,
  { project, days, isNew, where }: CleaningSelection,
): StoredUser[] {
  return [...users.values()].filter((user) => {
    if (user.project !== project) return false;
    const { firstDay, lastDay } = user.state;
    const isIn = (day: number): boolean => days === null || (day >= days.from && day <= days.to);
    if (!isIn(firstDay) || (!isNew && !isIn(lastDay))) return false;
    if (where === null) return true;
    const kept = [...user.days].filter(([day]) => day > lastDay - 400);
    return kept.every(([, values]) => values.get(where.dimension) === where.value);
  });
}

/** The values of a report that a cleaning takes. */
function valuesToTake(report: StoredReport, selection: CleaningSelection): StoredReport['values'] {
  const { project, days, where } = selection;
  const isIn = days === null || (report.day >= days.from && report.day <= days.to);
  if (report.project !== project || !isIn || where === null) return [];
  return report.values.filter(([dimension, value]) => isOfValue(where, dimension, value));
}

/** Whether a cleaning by one value takes another: the fields go with their event. */
const isOfValue = (
  where: NonNullable<CleaningSelection['where']>,
  dimension: string,
  value: string,
): boolean =>
  (dimension === where.dimension && value === where.value) ||
  (where.dimension === 'event' && isFieldOf(where.value, dimension));

/** Changes what users have said, those whom cleanings took included. */
function changeSaid(
  { users, cleanings }: Memory,
  change: (user: StoredUser, by: StoredCleaning | undefined) => StoredUser['said'],
): void {
  for (const [key, user] of users) users.set(key, { ...user, said: change(user, undefined) });
  for (const one of cleanings) {
    one.users = one.users.map((user) => ({ ...user, said: change(user, one) }));
  }
}

const without = <Value>(all: ReadonlySet<Value>, value: Value): ReadonlySet<Value> =>
  new Set([...all].filter((one) => one !== value));

/** What a cleaning would take, as figures. */
export function figuresToTake(memory: Memory, selection: CleaningSelection): CleaningFigures {
  if (kindOfCleaning(selection) !== 'reports') {
    return addFigures(usersToTake(memory, selection).map(({ state }) => figuresOfUser(state)));
  }
  const { dimension = '', value = '' } = selection.where ?? {};
  const found = memory.reports.filter((report) =>
    valuesToTake(report, selection).some(([name, one]) => name === dimension && one === value),
  );
  const days = found.map(({ day }) => day);
  if (days.length === 0) return NOTHING_CLEANED;
  return {
    ...NOTHING_CLEANED,
    reports: found.length,
    days: { from: Math.min(...days), to: Math.max(...days) },
  };
}

/** Does a step at once. */
export function clean(memory: Memory, step: CleaningStep): void {
  const { cleanings } = memory;
  if (step.step === 'expire') {
    for (const one of cleanings) {
      if (one.state !== 'taken' || one.until > step.at) continue;
      empty(one, 'expired');
      changeSaid(memory, ({ said }) => said.filter(({ takenBy }) => !takenBy.has(one.id)));
    }
    return;
  }
  const known = cleanings.find(({ id }) => id === step.id);
  if (step.step === 'undo') {
    if (known?.state !== 'taken' || step.at > known.until) return;
    if (coveredBy(memory, known).length === 0) undo(memory, known);
    return;
  }
  if (known) return;
  const { id, selection, at: cleanedAt, until } = step;
  const figures = figuresToTake(memory, selection);
  const taken = takeOut(memory, selection, id);
  const keys = new Set(taken.users.map(({ project, uid }) => memoryKey(project, uid)));
  const covers = cleanings
    .filter(({ users }) => users.some(({ project, uid }) => keys.has(memoryKey(project, uid))))
    .map((one) => one.id);
  const row = { id, selection, cleanedAt, until, figures, covers };
  cleanings.push({ ...row, state: 'taken', ...taken });
}

function takeOut(
  memory: Memory,
  selection: CleaningSelection,
  id: string,
): Pick<StoredCleaning, 'users' | 'reports' | 'quality' | 'hours'> {
  const kind = kindOfCleaning(selection);
  const isTaken = ({ project }: { readonly project: string | null }): boolean =>
    kind === 'project' && project === selection.project;
  if (kind === 'reports') {
    const reports: StoredReport[] = [];
    memory.reports = memory.reports.map((report) => {
      const values = valuesToTake(report, selection);
      if (values.length === 0) return report;
      const isWhole = values.some(([dimension]) => dimension === 'event') && !report.isPart;
      reports.push({ ...report, values, isPart: !isWhole });
      const left = report.values.filter((pair) => !values.includes(pair));
      return { ...report, values: left, isPart: isWhole || report.isPart === true };
    });
    const { project, where, days } = selection;
    changeSaid(memory, (user, by) => {
      // A cleaning of a whole project has taken these reports before.
      const isTakenBefore = by !== undefined && kindOfCleaning(by.selection) === 'project';
      if (user.project !== project || where === null || isTakenBefore) return user.said;
      return user.said.map((one) => {
        const isIn = days === null || (one.day >= days.from && one.day <= days.to);
        const isTaken = isIn && isOfValue(where, one.dimension, one.value);
        return isTaken && one.takenBy.size === 0 ? { ...one, takenBy: new Set([id]) } : one;
      });
    });
    return { users: [], reports, quality: [], hours: [] };
  }
  const users = usersToTake(memory, selection);
  for (const { project, uid } of users) memory.users.delete(memoryKey(project, uid));
  const [reports, quality] = [memory.reports.filter(isTaken), memory.quality.filter(isTaken)];
  memory.reports = memory.reports.filter((one) => !isTaken(one));
  memory.quality = memory.quality.filter((one) => !isTaken(one));
  const hours = kind === 'project' ? takeHours(memory, selection.project) : [];
  return { users, reports, quality, hours };
}

function undo(memory: Memory, cleaning: StoredCleaning): void {
  for (const user of cleaning.users) {
    const key = memoryKey(user.project, user.uid);
    const since = memory.users.get(key);
    memory.users.set(key, since === undefined ? user : joinUsers(user, since));
  }
  memory.reports.push(...cleaning.reports);
  memory.quality.push(...cleaning.quality);
  giveHoursBack(memory, cleaning.selection.project, cleaning.hours);
  changeSaid(memory, ({ said }) =>
    said.map((one) => ({ ...one, takenBy: without(one.takenBy, cleaning.id) })),
  );
  empty(cleaning, 'undone');
}

function empty(cleaning: StoredCleaning, state: 'undone' | 'expired'): void {
  Object.assign(cleaning, { state, users: [], reports: [], quality: [], hours: [] });
}

/** Later cleanings that must be undone before one. */
export const coveredBy = ({ cleanings }: Memory, { id }: StoredCleaning): string[] =>
  cleanings
    .filter(({ state, covers }) => state === 'taken' && covers.includes(id))
    .map((one) => one.id);
