const DAY_MS = 24 * 60 * 60 * 1000;
const startedMs = Date.now();

/** A receipt as a collector gives it, with another `receipt_id` for each number. */
export const receiptOf = (n = 1, project = 'acme-cli') => ({
  receipt_id: `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`,
  project,
  deleted_at: new Date(startedMs).toISOString(),
  late_reports_ignored_until: new Date(startedMs + 35 * DAY_MS).toISOString(),
});

/** What a collector has about a user, as it answers. */
export const recordOf = (project = 'acme-cli') => ({
  project,
  first_day: '2026-11-22',
  last_day: '2026-11-22',
  active_days: ['2026-11-22'],
  total_reports: 1,
  facts: { os: 'Linux' },
  as_of: '2026-11-22T20:58:00.123Z',
});

/** The 404 of a collector that does not know an ID, or not with the proof it was shown. */
export const unknownUser = {
  status: 404,
  body: JSON.stringify({ title: 'There is no such user', status: 404, code: 'unknown_user' }),
  headers: { 'content-type': 'application/problem+json' },
};
