import type { VNode } from 'preact';
import { useLanguage } from '../../language/language.js';
import type { LogLevel, LogLine } from '../../page/system-logs.js';
import { detailsText } from './details-text.js';

interface LogListProps {
  /** The newest first. */
  readonly lines: readonly LogLine[];
  readonly zone: string;
  /** Whether lines are of several days. */
  readonly withDay: boolean;
}

/** Levels that are told by more than their word. */
const CLASSES: Readonly<Partial<Record<LogLevel, string>>> = {
  warn: 'lv-W',
  error: 'lv-E',
  fatal: 'lv-E',
};

/** Lines of the log. */
export function LogList({ lines, zone, withDay }: LogListProps): VNode {
  const { texts, formats } = useLanguage();
  const timeText = (time: string): string =>
    withDay
      ? `${formats.dayIn(time, zone)} ${formats.exactTime(time, zone)}`
      : formats.exactTime(time, zone);
  return (
    <ul class={withDay ? 'log with-day' : 'log'} tabindex={0} aria-label={texts.system.lines}>
      {lines.map((line, i) => {
        const { time, level, source, message } = line;
        const details = detailsText(line);
        return (
          <li key={`${time} ${lines.length - i}`}>
            <span class="t">{time !== null && <time dateTime={time}>{timeText(time)}</time>}</span>
            <span class={CLASSES[level]}>
              {CLASSES[level] === undefined ? level : level.toUpperCase()}
            </span>
            <span>{source}</span>
            <span>
              <bdi>{message}</bdi> {details !== '' && <span class="quiet">{details}</span>}
            </span>
          </li>
        );
      })}
    </ul>
  );
}
