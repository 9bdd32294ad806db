// @ts-check

/**
 * @typedef {object} Summary
 * @property {number} runs
 * @property {number} median
 * @property {number} min
 * @property {number} max
 * @property {number} p99
 */

/**
 * @param {readonly number[]} values
 * @param {number} share 0 to 1
 */
export function quantile(values, share) {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? NaN;
}

/**
 * @param {readonly number[]} values
 * @returns {Summary | null} nothing where nothing was measured
 */
export function summarize(values) {
  if (values.length === 0) return null;
  return {
    runs: values.length,
    median: significant(median(values)),
    min: significant(Math.min(...values)),
    max: significant(Math.max(...values)),
    p99: significant(quantile(values, 0.99)),
  };
}

/** @param {readonly number[]} values */
export function median(values) {
  const sorted = Float64Array.from(values).sort();
  const middle = sorted.length >> 1;
  if (sorted.length % 2 === 1) return sorted[middle] ?? NaN;
  return ((sorted[middle - 1] ?? NaN) + (sorted[middle] ?? NaN)) / 2;
}

/** Four digits: more is noise, and makes the diff of two results unreadable. @param {number} value */
const significant = (value) => Number(value.toPrecision(4));
