import type { Family } from './family.js';
import { HOST_FAMILIES } from './host-families.js';
import { NETWORK_FAMILIES } from './network-families.js';
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

/** The histogram of requests, which is counted from the start on. */
export const HTTP_SECONDS = {
  name: 'headcount_http_request_duration_seconds',
  help: 'How long requests took until their answer was sent, by route and class of status, since the start; without streams.',
  labels: ['route', 'status'],
  buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
} as const;

/** All families but the histograms, with their whole names. */
export const FAMILIES: readonly Family[] = [
  ...[
    ...REPORT_FAMILIES,
    ...PEOPLE_FAMILIES,
    ...OPERATION_FAMILIES,
    ...NETWORK_FAMILIES,
    ...HOST_FAMILIES,
  ].map((family) => ({
    ...family,
    name: `headcount_${family.name}`,
  })),
  ...PROCESS_FAMILIES,
];

/** All histograms, by route and by question. */
export const HISTOGRAMS = [HTTP_SECONDS, QUESTION_SECONDS] as const;
