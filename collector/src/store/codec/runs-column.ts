import type { ValueRun } from '../../rules/value-runs.js';
import type { Resolve } from './resolve.js';
import { VarintReader, VarintWriter } from './varints.js';

/** One for all rows, since each is written whole. */
const runsWriter = new VarintWriter();

/**
 * Encodes runs, newest first. Each has the days between its end and the last day, a bit for each
 * dimension that differs from the run before, and the IDs of these values. All numbers are unsigned
 * LEB128.
 */
export function encodeRuns(runs: readonly ValueRun<number>[], lastDay: number): Buffer {
  const write = (number: number): void => runsWriter.write(number);
  let newer: readonly number[] = [];
  for (const run of runs.toReversed()) {
    write(lastDay - run.lastDay);
    write(
      run.values.reduce((bits, value, at) => (value === newer[at] ? bits : bits | (1 << at)), 0),
    );
    for (const [at, value] of run.values.entries()) if (value !== newer[at]) write(value);
    newer = run.values;
  }
  return runsWriter.take();
}

/** Reads what {@link encodeRuns} wrote. */
export function decodeRuns(
  blob: Uint8Array,
  lastDay: number,
  resolve: Resolve = (id) => id,
): ValueRun<number>[] {
  const runs: ValueRun<number>[] = [];
  let values: number[] = [];
  readRuns(blob, {
    run: (daysBefore) => {
      values = [...values];
      runs.push({ lastDay: lastDay - daysBefore, values });
    },
    value: (index, valueId) => {
      values[index] = resolve(valueId);
    },
  });
  return runs.reverse();
}

/** Tells each value of a dimension's place that {@link encodeRuns} wrote, newest first. */
export const eachRunValue = (
  blob: Uint8Array,
  value: (index: number, valueId: number) => void,
): void => readRuns(blob, { run: () => undefined, value });

/**
 * One of a user's newest values, from the start of what {@link encodeRuns} wrote in a part of a buffer.
 * It makes nothing, since a question reads a million of them.
 *
 * @returns 0 if it is not there, `undefined` if it does not end in the part.
 */
export function readNewestValue(
  bytes: Uint8Array,
  start: number,
  end: number,
  index: number,
): number | undefined {
  let at = start;
  let number = 0;
  // The days since the last day, which values there are, and the values up to this one.
  for (let place = -2; place <= index; place++) {
    number = 0;
    for (let factor = 1; ; factor *= 128) {
      if (at === end) return undefined;
      const byte = bytes[at++] ?? 0;
      number += (byte & 127) * factor;
      if (byte < 128) break;
    }
    if (place === -1 && number >> index === 0) return 0;
  }
  return number;
}

interface RunVisitor {
  run(daysBefore: number): void;
  /** A value that is another than in the run after it. */
  value(index: number, valueId: number): void;
}

function readRuns(blob: Uint8Array, visitor: RunVisitor): void {
  const reader = new VarintReader(blob);
  while (!reader.isAtEnd) {
    visitor.run(reader.read());
    for (let bits = reader.read(), index = 0; bits > 0; bits >>= 1, index++) {
      if (bits & 1) visitor.value(index, reader.read());
    }
  }
}
