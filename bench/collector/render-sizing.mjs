// @ts-check
import { medianOf, renderGrid } from '../table.mjs';
import { FIGURES } from './sections/sizing.mjs';

const USERS = [1_000, 10_000, 100_000, 1_000_000];
const DAY_SECONDS = 86_400;
const YEAR_DAYS = 365;
const KEYS_DAYS = 35;
/** How much busier the busiest minute is than the mean of the day. */
const PEAK = 10;
/** The defaults of --log-bytes-limit and of the journal's limit, in bytes. */
const [LOG_BYTES, JOURNAL_BYTES] = [2 ** 28, 2 ** 30];
/** What docs/collector/performance-over-time.md says of 90 days of samples. */
const SAMPLES_BYTES = 15e6;

/**
 * What numbers of users need, computed from what the section `sizing` measured.
 *
 * @param {import('../results.mjs').Results} results
 */
export function renderSizing(results) {
  const rows = results['sizing']?.rows;
  if (!rows) return 'Not measured yet.';
  /** @param {keyof typeof FIGURES} name */
  const figure = (name) =>
    medianOf(rows.find(({ label }) => label === FIGURES[name])?.metrics['value']) ?? NaN;
  const head = ['users and reports a day', ...USERS.map((users) => users.toLocaleString('en'))];
  /** @param {string} label @param {(users: number) => string} compute */
  const line = (label, compute) => [label, ...USERS.map(compute)];
  /** @param {number} users */
  const cpuPercent = (users) => (users * figure('cpuUs')) / 1e4 / DAY_SECONDS;
  /** @param {number} users */
  const countsBytes = (users) =>
    users *
    (figure('userBytes') + figure('keyBytes') * KEYS_DAYS + figure('dayBytes') * (YEAR_DAYS - 1));
  /** @param {number} users */
  const journalBytes = (users) => users * figure('journalBytes');
  return renderGrid([
    head,
    line('processor, mean of the day, % of one', (users) => percent(cpuPercent(users))),
    line('processor in the busiest minute, % of one', (users) => percent(cpuPercent(users) * PEAK)),
    line('memory, peak', () => bytes(figure('peakMb') * 1e6)),
    line('counts after a year', (users) => bytes(countsBytes(users))),
    line('the data folder after a year', (users) =>
      bytes(countsBytes(users) + LOG_BYTES + SAMPLES_BYTES),
    ),
    line('journal, for each day without counting', (users) => bytes(journalBytes(users))),
    line('days without counting until reports are refused', (users) =>
      String(Number((JOURNAL_BYTES / journalBytes(users)).toPrecision(2))),
    ),
    line('one backup', (users) => bytes(countsBytes(users))),
    line('its time', (users) => seconds(countsBytes(users) / 1e6 / figure('backupMbPerSecond'))),
  ]);
}

/** @param {number} value */
const percent = (value) => (value < 0.01 ? 'below 0.01' : String(Number(value.toPrecision(2))));

/** @param {number} value */
function bytes(value) {
  const [size, unit] = value < 1e9 ? [value / 1e6, 'MB'] : [value / 1e9, 'GB'];
  return `${Number(size.toPrecision(2))} ${unit}`;
}

/** @param {number} value */
const seconds = (value) =>
  value < 1
    ? 'below 1 s'
    : value < 100
      ? `${Math.round(value)} s`
      : `${Math.round(value / 60)} min`;
