import type { Change } from './change.js';
import type { Morning } from './morning.js';
import { toPrintable } from '../to-printable.js';
import { wrapText } from '../wrap-text.js';
import { sparkline } from './sparkline.js';
import { toTable } from './to-table.js';

/** The figures of one project, for somebody who reads them in the morning. */
export function morningText(project: string, morning: Morning): string {
  const {
    date,
    timezone,
    today,
    expected_today: expected,
    windows,
    days,
    annotations,
    silence,
  } = morning;
  const people = days.map((day) => day.people);
  const range = `${Math.min(...people)} to ${Math.max(...people)} a day`;
  const band = expected === null ? '' : `; ${expected.low} to ${expected.high} are expected`;
  return [
    `\n${toPrintable(project)} up to ${date}, ${timezone}\n\n`,
    toTable([
      ['', 'people', 'before', 'change', 'new', 'came back', 'stopped'],
      ...windows.map(toLine),
    ]),
    `\nlast ${days.length} days  ${sparkline(people)}  ${range}\n`,
    `today so far  ${today} people${band}\n`,
    ...(silence === null ? [] : [`${wrapText(toPrintable(silence), '', 0)}\n`]),
    ...annotations.map((one) => `${spanText(one)}  ${one.kind} ${toPrintable(one.text)}\n`),
  ].join('');
}

const spanText = ({ date, to }: Morning['annotations'][number]): string =>
  date === to ? date : `${date} to ${to}`;

const toLine = (one: Change): string[] => [
  one.days === 1 ? 'yesterday' : `${one.days} days`,
  String(one.people),
  String(one.before),
  changeText(one.change),
  String(one.new),
  ...[one.came_back, one.stopped].map((n) => (n === null ? '' : String(n))),
];

/** @param change - As a share; `null` if there is nothing to compare with. */
export function changeText(change: number | null): string {
  if (change === null) return 'new';
  const percent = Math.round(100 * change);
  const sign = percent > 0 ? '+' : percent < 0 ? '−' : '±';
  return `${sign}${Math.abs(percent)} %`;
}
