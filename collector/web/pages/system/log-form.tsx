import type { VNode } from 'preact';
import { useLanguage } from '../../language/language.js';
import { LOG_LEVELS, LOG_WINDOWS, type SystemLogs } from '../../page/system-logs.js';
import { usePage } from '../../page/use-page.js';

/** The parameters that the form sets, or that belong to what it showed before. */
const OWN: readonly string[] = ['level', 'source', 'text', 'cursor', 'csv'];

/** Which lines are shown. A plain form, so that it works without script. */
export function LogForm({ logs }: { readonly logs: SystemLogs }): VNode {
  const { texts } = useLanguage();
  const { frame, href } = usePage();
  const { system } = texts;
  const { filter } = logs;
  const kept = Object.entries(frame.query).filter(([name]) => !OWN.includes(name));
  const sources = [
    ...new Set([...logs.sources, ...(filter.source === null ? [] : [filter.source])]),
  ];
  return (
    <form method="get" action={`${frame.basePath}${frame.path}#logs`}>
      {kept.map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      <label>
        {system.level}
        <select name="level">
          {LOG_LEVELS.map((level, i) => (
            <option key={level} value={level} selected={level === filter.level}>
              {i === 0 ? system.everyLevel : system.levelAtLeast(system.levels[level])}
            </option>
          ))}
        </select>
      </label>
      <label>
        {system.source}
        <select name="source">
          <option value="">{system.allSources}</option>
          {sources.map((source) => (
            <option key={source} value={source} selected={source === filter.source}>
              {source}
            </option>
          ))}
        </select>
      </label>
      <div class="seg" role="group" aria-label={system.window}>
        {LOG_WINDOWS.map((window) => (
          <a
            key={window}
            href={href({ window, cursor: undefined })}
            aria-current={window === filter.window ? 'true' : undefined}
          >
            {system.windows[window]}
          </a>
        ))}
      </div>
      <label>
        <span class="vh">{system.text}</span>
        <input
          type="search"
          name="text"
          maxLength={200}
          value={filter.text ?? ''}
          placeholder={system.text}
        />
      </label>
      <button class="btn">{system.show}</button>
    </form>
  );
}
