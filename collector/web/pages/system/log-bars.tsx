import type { VNode } from 'preact';
import { axisText } from '../../charts/axis-text.js';
import { ChartFoot } from '../../charts/chart-foot.js';
import { Legend, type LegendItem } from '../../charts/legend.js';
import { StackedBars } from '../../charts/stacked-bars.js';
import { xLabels } from '../../charts/x-labels.js';
import { useLanguage } from '../../language/language.js';
import type { SystemContent } from '../../page/system-content.js';
import type { LogLevel, SystemLogs } from '../../page/system-logs.js';
import { usePage } from '../../page/use-page.js';
import { levelsOf, logsTwin } from '../system-twins.js';

const SLOTS: Readonly<Record<LogLevel, 0 | 1 | 2 | 3 | 5>> = {
  trace: 0,
  debug: 0,
  info: 1,
  warn: 3,
  error: 5,
  fatal: 5,
};

interface LogBarsProps {
  readonly content: SystemContent;
  readonly logs: SystemLogs;
}

/** Lines by level and time. */
export function LogBars({ content, logs }: LogBarsProps): VNode | null {
  const language = useLanguage();
  const { href } = usePage();
  const { texts, formats } = language;
  const { system } = texts;
  const twin = logsTwin(content, language);
  const { counts, filter } = logs;
  if (twin === undefined || counts === null) return null;
  const levels = levelsOf(counts.bars);
  const summary = levels.map((level) =>
    system.named(system.levels[level], formats.number(counts.levels[level] ?? 0)),
  );
  const axis = counts.bars.map(({ start }) =>
    filter.window === '7d'
      ? formats.day(start.slice(0, 10))
      : formats.time(start, content.timezone),
  );
  return (
    <figure id={twin.id}>
      <Legend
        items={levels.map((level, i): LegendItem => ({
          of: SLOTS[level],
          text: summary[i] ?? level,
        }))}
      />
      <StackedBars
        twin={twin}
        height={96}
        series={levels.map((level) => ({
          name: level,
          fill: `f${SLOTS[level]}`,
          values: counts.bars.map((bar) => bar.levels[level] ?? 0),
        }))}
        xLabels={xLabels(axis, { steps: [1, 3, 6, 12, 15, 30] })}
        yText={(tick) => axisText(tick, language)}
        label={system.logSentence(summary.length === 0 ? system.noLines : formats.list(summary))}
      />
      <ChartFoot twin={twin} csvHref={href({ csv: twin.id })} viewHref={`${href({})}#${twin.id}`} />
    </figure>
  );
}
