import { bucketLabels, type Field } from 'headcount/wire';
import type { ValueShare, ValueShares } from '../../../web/page/value-shares.js';

/** Bars of a chart at most. */
export const MOST_BARS = 12;

const RANGE = /^(?:<(\d+)|(\d+)-\d+|>=(\d+))$/;

/** What is no value of its own. */
const BESIDES: readonly string[] = ['other', 'unknown'];

/** Whether values are numbers, or ranges of numbers: these have an order. */
export function areOrdered({ rows }: Pick<ValueShares, 'rows'>): boolean {
  const named = rows.filter(({ value }) => !BESIDES.includes(value));
  return named.length > 1 && named.every(({ value }) => startOf(value) !== null);
}

/** Where a number or range begins; `null` for other values. */
function startOf(value: string): number | null {
  if (/^\d+$/.test(value)) return Number(value);
  const range = RANGE.exec(value);
  if (range === null) return null;
  const [, below, from, least] = range;
  return below === undefined ? Number(from ?? least) : -1;
}

/** Puts numbers and ranges in their order; declared ranges of nobody are among them. */
export function orderValues(values: ValueShares, field: Field | undefined): ValueShares {
  const ordered = values.rows.toSorted(
    (a, b) => (startOf(a.value) ?? Infinity) - (startOf(b.value) ?? Infinity),
  );
  const isWhole = values.leftOut === 0 && values.mergedBelow === null;
  if (field?.kind !== 'bucket' || !isWhole) return { ...values, rows: ordered };
  const found = new Map(ordered.map((row) => [row.value, row]));
  const labels = bucketLabels(field.bounds);
  return {
    ...values,
    rows: [
      ...labels.map((label) => found.get(label) ?? rowOf(label, 0, 0)),
      ...ordered.filter(({ value }) => !labels.includes(value)),
    ],
  };
}

/**
 * Adds many numbers up to ranges of one length, such as `0-9`.
 *
 * @param values - Of reports: people may have several numbers, so that theirs cannot be added.
 */
export function binNumbers(values: ValueShares): ValueShares {
  const numbers = values.rows.filter(({ value }) => /^\d+$/.test(value));
  const most = Math.max(...numbers.map(({ value }) => Number(value)));
  const length = roundUp((most + 1) / MOST_BARS);
  const bins = Math.floor(most / length) + 1;
  const rows = Array.from({ length: bins }, (_, bin) => {
    const inside = numbers.filter(({ value }) => Math.floor(Number(value) / length) === bin);
    const [first, last] = [bin * length, (bin + 1) * length - 1];
    return rowOf(
      `${first}-${last}`,
      inside.reduce((sum, { count }) => sum + count, 0),
      inside.reduce((sum, { share }) => sum + share, 0),
    );
  });
  return { ...values, rows: [...rows, ...values.rows.filter((row) => !numbers.includes(row))] };
}

/** The next of 1, 2, 5, 10, 20, … */
function roundUp(length: number): number {
  const power = 10 ** Math.floor(Math.log10(length));
  return ([1, 2, 5, 10].find((step) => step * power >= length) ?? 10) * power;
}

const rowOf = (value: string, count: number, share: number): ValueShare => ({
  ...{ value, count, share: Math.min(1, share), change: null },
});
