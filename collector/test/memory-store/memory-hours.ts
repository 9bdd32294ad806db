import type { CountedReport } from '../../src/rules/counted-report.js';
import {
  cellOf,
  firstKeptHour,
  type HourCell,
  joinCells,
  KEPT_HOURS,
} from '../../src/rules/hour-cells.js';
import type { Memory } from './memory.js';

const inOrder = (cells: readonly HourCell[]): HourCell[] =>
  [...cells].sort((a, b) => a.hour - b.hour);

/** Notes when a report came, and drops what is too old. */
export function countHour({ hours }: Memory, { project, receivedAt }: CountedReport): void {
  const cells = hours.get(project) ?? [];
  const one = cellOf(receivedAt);
  if (one.hour < (cells.at(-1)?.hour ?? -Infinity) - KEPT_HOURS) return;
  hours.set(project, withoutOld(addEach(cells, [one])));
}

function withoutOld(cells: readonly HourCell[]): HourCell[] {
  const first = firstKeptHour(cells.map(({ hour }) => hour));
  return cells.filter(({ hour }) => hour >= first);
}

/** Takes all hours of a project out. */
export function takeHours({ hours }: Memory, project: string): HourCell[] {
  const taken = hours.get(project) ?? [];
  hours.delete(project);
  return [...taken];
}

/** Gives hours back that came before those that are there. */
export function giveHoursBack(
  { hours }: Memory,
  project: string,
  taken: readonly HourCell[],
): void {
  if (taken.length === 0) return;
  hours.set(project, withoutOld(addEach(taken, hours.get(project) ?? [])));
}

function addEach(before: readonly HourCell[], after: readonly HourCell[]): HourCell[] {
  const cells = new Map(before.map((cell) => [cell.hour, cell]));
  for (const cell of after) {
    const known = cells.get(cell.hour);
    cells.set(cell.hour, known === undefined ? cell : joinCells(known, cell));
  }
  return inOrder([...cells.values()]);
}
