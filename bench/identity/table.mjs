// @ts-check
import { renderGrid } from '../table.mjs';

/** @param {number} count @param {number} people */
const off = (count, people) => {
  const percent = ((count - people) / people) * 100;
  return `${count} (${percent > 0 ? '+' : ''}${percent.toFixed(Math.abs(percent) < 10 ? 2 : 0)} %)`;
};

/** @param {readonly Awaited<ReturnType<typeof import('./simulate.mjs').simulate>>[]} rows */
export function renderIdentityTable(rows) {
  return renderGrid([
    [
      'world',
      'people',
      'Headcount',
      'certain',
      'likely',
      'ephemeral',
      'band holds it',
      'UUID in a file',
      'machine hash',
      'features',
    ],
    ...rows.map(({ world, people, headcount, containsTruth, uuid, machine, features }) => [
      world,
      String(people),
      off(headcount.total, people),
      String(headcount.certain),
      String(headcount.likely),
      String(headcount.ephemeral),
      containsTruth ? 'yes' : '**no**',
      off(uuid, people),
      off(machine, people),
      off(features, people),
    ]),
  ]);
}
