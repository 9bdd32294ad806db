// @ts-check

/**
 * @typedef {import('./statistics.mjs').Summary} Summary
 *
 * @typedef {object} Column
 * @property {string} key of the row's metrics
 * @property {string} label with its unit
 * @property {number} [digits] after the point; none where the metric is a text
 * @property {boolean} [ratio] whether the ratio to the base row is shown
 * @property {boolean} [p99] whether the p99 of all runs is shown
 * @property {boolean} [plain] the median alone: it does not vary, or its range says nothing
 *
 * @typedef {object} Row
 * @property {string} label
 * @property {string} [group] rows of one group are compared with its `isBase` row
 * @property {boolean} [isBase]
 * @property {Record<string, Summary | number | string | null>} metrics
 */

export {};
