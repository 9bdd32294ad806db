import type { ValueRun } from '../../counting/value-runs.js';

/**
 * Writes runs, newest first, each as the days it ends before the last day and the values that
 * differ from those of the run before it: a bit for each dimension, then their numbers. All numbers
 * are unsigned and of as many bytes as they need (LEB128).
 */
export function encodeRuns(runs: readonly ValueRun<number>[], lastDay: number): Buffer {
  const bytes: number[] = [];
  const write = (number: number): void => {
    let rest = number;
    for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
    bytes.push(rest);
  };
  let newer: readonly number[] = [];
  for (const run of runs.toReversed()) {
    write(lastDay - run.lastDay);
    write(
      run.values.reduce((bits, value, at) => (value === newer[at] ? bits : bits | (1 << at)), 0),
    );
    for (const [at, value] of run.values.entries()) if (value !== newer[at]) write(value);
    newer = run.values;
  }
  return Buffer.from(bytes);
}

/** Reads what {@link encodeRuns} wrote. */
export function decodeRuns(blob: Uint8Array, lastDay: number): ValueRun<number>[] {
  let at = 0;
  const read = (): number => {
    let number = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = blob[at++] ?? 0;
      number += (byte & 127) * factor;
      if (byte < 128) return number;
    }
  };
  const runs: ValueRun<number>[] = [];
  let values: number[] = [];
  while (at < blob.length) {
    const day = lastDay - read();
    values = [...values];
    for (let bits = read(), index = 0; bits > 0; bits >>= 1, index++) {
      if (bits & 1) values[index] = read();
    }
    runs.push({ lastDay: day, values });
  }
  return runs.reverse();
}
