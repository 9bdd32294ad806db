import type { OptionGroup, OptionNote } from './option-note.js';

const MOST = 999_999_999;

const limit = (
  group: OptionGroup,
  unit: string,
  example: string,
  what: string,
  to = MOST,
): OptionNote => ({
  ...{ group, example },
  kind: { type: 'number', unit, from: 0, to },
  what: `${what} 0 is no limit.`,
  page:
    unit === 'questions a minute'
      ? 'limits.md#what-a-client-may-ask'
      : 'limits.md#what-a-client-may-send',
});

/** The options for limits. */
export const LIMIT_NOTES = {
  rateLimit: limit(
    ...(['client', 'reports a minute', '6000'] as const),
    'Reports from one client address.',
  ),
  bytesLimit: limit(
    ...(['client', 'bytes a minute', '8388608'] as const),
    'Bytes of reports from one client address, after decompression.',
  ),
  newIdsLimit: limit(
    ...(['client', 'IDs an hour', '1000'] as const),
    'IDs from one client address that the collector does not know. An ID whose first report counts for an earlier day counts as 20.',
  ),
  newProjectsLimit: limit(
    ...(['client', 'projects a day', '2'] as const),
    'Projects that reports from one client address may create, and at most a hundredth of `--max-projects`.',
  ),
  newValuesLimit: limit(
    ...(['client', 'values a day', '50'] as const),
    'Values from one client address that a project does not know. Further ones count as `other`.',
  ),
  statsRateLimit: limit(
    ...(['client', 'questions a minute', '60'] as const),
    'Questions (`/v1/stats/…` and `/stats…`) from one client address. Requests from this machine are not limited.',
    1_000_000,
  ),
  keyRateLimit: limit(
    ...(['project', 'reports a minute', '60000'] as const),
    'Reports with one write key.',
  ),
  projectRateLimit: limit(
    ...(['project', 'reports a minute', '60000'] as const),
    'Reports of one project.',
  ),
  projectBytesLimit: limit(
    ...(['project', 'bytes a minute', '67108864'] as const),
    'Bytes of the reports of one project, after decompression.',
  ),
  projectNewIdsLimit: limit(
    ...(['project', 'IDs an hour', '20000'] as const),
    'IDs of one project that the collector does not know. One client address brings at most a twentieth of them.',
  ),
};
