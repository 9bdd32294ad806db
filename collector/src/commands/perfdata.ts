import type { ShownCondition, ShownHealth } from './ask-health.js';
import type { TimeRanges } from './plugin-range.js';

/** The units of plugins; a number of things has none. */
const UNITS: Readonly<Record<string, string>> = {
  percent: '%',
  bytes: 'B',
  seconds: 's',
  milliseconds: 'ms',
  count: '',
};

/** Conditions that begin below their threshold. */
const FROM_BELOW: readonly string[] = ['memory_free', 'disk_full_soon', 'certificate'];

/** Values that can be below 0: a certificate that has expired. */
const BELOW_ZERO: readonly string[] = ['certificate'];

/**
 * The figures of a check, as the guidelines of the monitoring plugins write them:
 * `label=value[unit];[warning];[critical];[least];[most]`.
 */
export function toPerfdata(
  { conditions = [], tookMs, relay }: Pick<ShownHealth, 'conditions' | 'tookMs' | 'relay'>,
  { warning, critical }: TimeRanges,
): string {
  const time = `time=${(tookMs / 1000).toFixed(6)}s;${warning?.text ?? ''};${critical?.text ?? ''};0`;
  const waiting = relay === undefined ? [] : [`waiting=${relay.waitingReports};;;0`];
  return [time, ...waiting, ...conditions.flatMap(describe)].join(' ');
}

function describe({ name, isCritical, value, unit, threshold }: ShownCondition): string[] {
  const uom = unit === null ? undefined : UNITS[unit];
  if (value === null || uom === undefined) return [];
  const bound =
    threshold === null ? '' : FROM_BELOW.includes(name) ? `${threshold}:` : String(threshold);
  const bounds = isCritical ? `;${bound}` : `${bound};`;
  const least = BELOW_ZERO.includes(name) ? '' : ';0';
  return [`${name}=${value}${uom};${bounds}${least}${unit === 'percent' ? ';100' : ''}`];
}
