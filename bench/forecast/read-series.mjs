// @ts-check
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';

/**
 * Reads a CSV file with a day and a count in each line, after a head. Days between that are missing
 * are unknown.
 *
 * @param {string} path
 * @returns {{ name: string, firstDay: number, counts: (number | null)[] }}
 */
export function readSeries(path) {
  const lines = readFileSync(path, 'utf8').trim().split(/\r?\n/).slice(1);
  const found = new Map(
    lines.map((line, at) => {
      const [date = '', count = ''] = line.split(',');
      const day = Date.parse(`${date}T00:00:00Z`) / 86_400_000;
      if (!Number.isInteger(day) || !/^\d+(\.\d+)?$/.test(count.trim())) {
        throw new Error(
          `${path}, line ${at + 2}: expected a day and a count, as 2014-07-01,745967; got ${line}`,
        );
      }
      return [day, Number(count)];
    }),
  );
  const firstDay = Math.min(...found.keys());
  const days = Math.max(...found.keys()) - firstDay + 1;
  const counts = Array.from({ length: days }, (_, at) => found.get(firstDay + at) ?? null);
  return { name: basename(path), firstDay, counts };
}
