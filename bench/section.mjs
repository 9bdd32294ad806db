// @ts-check

/**
 * @typedef {import('./statistics.mjs').Summary} Summary
 * @typedef {import('./contenders.mjs').Contender} Contender
 *
 * @typedef {object} Column
 * @property {string} key of the row's metrics
 * @property {string} label with its unit
 * @property {number} digits after the point
 * @property {boolean} [ratio] whether the ratio to the app without telemetry is shown
 * @property {boolean} [plain] the median alone: it does not vary, or its range says nothing
 *
 * @typedef {object} Row
 * @property {string} label
 * @property {string} [group] rows of one group are compared with its `isBase` row
 * @property {boolean} [isBase]
 * @property {Record<string, Summary | number | string | null>} metrics
 *
 * @typedef {object} Context
 * @property {import('./workshop.mjs').Workshop} workshop
 * @property {readonly Contender[]} contenders
 * @property {import('./options.mjs').Options} options
 * @property {(text: string) => void} progress
 *
 * @typedef {object} Section
 * @property {string} name
 * @property {string} title
 * @property {string} note what exactly was measured
 * @property {readonly Column[]} columns
 * @property {(context: Context) => Promise<Row[]>} measure
 */

export {};
