// @ts-check

/**
 * @typedef {object} Context
 * @property {import('./open-site.mjs').Site} site
 * @property {import('./options.mjs').Options} options
 * @property {(text: string) => void} progress
 *
 * @typedef {object} Section
 * @property {string} name
 * @property {string} title
 * @property {string} note what exactly was measured
 * @property {readonly import('../section.mjs').Column[]} columns
 * @property {(context: Context) => Promise<import('../section.mjs').Row[]>} measure
 */

export {};
