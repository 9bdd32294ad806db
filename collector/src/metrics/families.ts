import type { Family } from './family.js';
import { OPERATION_FAMILIES } from './operation-families.js';
import { PEOPLE_FAMILIES } from './people-families.js';
import { PROCESS_FAMILIES } from './process-families.js';
import { REPORT_FAMILIES } from './report-families.js';

/** The histogram of questions, which is kept by prom-client itself. */
export const QUESTION_SECONDS = {
  name: 'headcount_question_duration_seconds',
  help: 'How long questions took, with waiting for a thread, since the first scrape.',
  labels: ['question'],
  buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
} as const;

/** All families but {@link QUESTION_SECONDS}, with their whole names. */
export const FAMILIES: readonly Family[] = [
  ...[...REPORT_FAMILIES, ...PEOPLE_FAMILIES, ...OPERATION_FAMILIES].map((family) => ({
    ...family,
    name: `headcount_${family.name}`,
  })),
  ...PROCESS_FAMILIES,
];
