// @ts-check
import { deliveriesByDay } from './deliveries.mjs';

/**
 * What the people of a project send that was opened on the present day: none was there before.
 *
 * @param {{ project: string, people: number, end: Date, seed: number }} options
 */
export function firstDay({ project, people, end, seed }) {
  const days = [...deliveriesByDay({ project, people, days: 1, end, seed, leadDays: 0 })];
  return days.flatMap(({ deliveries }) => deliveries);
}
