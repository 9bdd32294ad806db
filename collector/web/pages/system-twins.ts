import { timeTwin } from '../charts/time-series.js';
import type { Language } from '../language/language.js';
import type { SystemContent } from '../page/system-content.js';
import { type LogBar, LOG_LEVELS, type LogLevel } from '../page/system-logs.js';
import type { Twin } from '../page/twin.js';
import { systemSeries } from './system-series.js';

/** The tables of the page. */
export function systemTwins(content: SystemContent, language: Language): readonly Twin[] {
  const logs = logsTwin(content, language);
  return [
    ...systemSeries(content, language).map(({ series, valueText }) =>
      timeTwin(series, valueText, language),
    ),
    ...(logs === undefined ? [] : [logs]),
  ];
}

/** The levels that there are lines of, from the least. */
export const levelsOf = (bars: readonly LogBar[]): readonly LogLevel[] =>
  LOG_LEVELS.filter((level) => bars.some(({ levels }) => (levels[level] ?? 0) > 0));

/** Lines of the log by level and time; `undefined` if there are none. */
export function logsTwin(
  { logs, timezone }: SystemContent,
  { texts, formats }: Language,
): Twin | undefined {
  const counts = logs?.counts ?? null;
  if (logs === null || counts === null) return undefined;
  const levels = levelsOf(counts.bars);
  const isByDay = logs.filter.window === '7d';
  return {
    id: 'log-lines',
    name: texts.system.logCounts,
    columns: [
      { key: 'start', name: texts.system.time },
      ...levels.map((level) => ({ key: level, name: texts.system.levels[level] })),
    ],
    rows: counts.bars.map(({ start, levels: numbers }) => [
      {
        value: start,
        text: isByDay ? formats.day(start.slice(0, 10)) : formats.dayAndTime(start, timezone),
      },
      ...levels.map((level) => ({
        value: numbers[level] ?? 0,
        text: formats.number(numbers[level] ?? 0),
      })),
    ]),
  };
}
