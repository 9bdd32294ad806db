// @ts-check
import { PROJECT } from './people.mjs';

const DAY_MS = 86_400_000;

/** @param {number} days */
const since = (days) => new Date(Date.now() - days * DAY_MS).toISOString().slice(0, 10);

/** By what they are called in the tables. */
export const QUESTIONS = new Map([
  ['summary', `summary?project=${PROJECT}`],
  ['30 days', `timeseries?project=${PROJECT}&from=${since(29)}`],
  ['365 days', `timeseries?project=${PROJECT}&from=${since(364)}`],
  ['retention', `retention?project=${PROJECT}`],
  ['people by version', `breakdown?project=${PROJECT}&dimension=version&window=28d`],
  // As many rows as an answer may have.
  [
    '30 versions × 333 days',
    `timeseries?project=${PROJECT}&group_by=version&window=28d&from=${since(332)}&limit=30`,
  ],
]);

/** Any answer waits until all is counted that was acknowledged. */
export const QUICK_QUESTION = `quality?project=${PROJECT}`;
