import { useEffect, useReducer, useState } from 'preact/hooks';
import { type StreamState, watchStream } from '../../browser/watch-stream.js';
import type { LogFilter, LogLine } from '../../page/system-logs.js';
import { detailsText } from './details-text.js';
import { follow, type Followed, NONE } from './follow.js';

/** Following the log as it is written. */
export interface Following {
  /** Whether there is a script that can follow. */
  readonly canFollow: boolean;
  /** `null` while it does not follow. */
  readonly state: StreamState | null;
  readonly followed: Followed;
  /** Begins, or ends. */
  readonly toggle: () => void;
  /** Pauses, or goes on. */
  readonly pause: () => void;
}

/** Follows the lines that the filter means. The stream knows no text: it is looked for here. */
export function useFollow({ level, source, text }: LogFilter, basePath: string): Following {
  const [canFollow, setCan] = useState(false);
  const [isOn, setOn] = useState(false);
  const [state, setState] = useState<StreamState | null>(null);
  const [followed, step] = useReducer(follow, NONE);

  useEffect(() => setCan(true), []);

  useEffect(() => {
    step({ kind: 'begin' });
    setState(null);
    if (!isOn) return undefined;
    const query = new URLSearchParams({ level, ...(source !== null && { source }) });
    return watchStream({
      url: `${basePath}/v1/logs/live?${query.toString()}`,
      onState: setState,
      on: {
        log: (data) => {
          // The stream's own schema says so.
          const line = data as LogLine;
          if (hasText(line, text)) step({ kind: 'line', line });
        },
        left_out: (data) => {
          const { lines } = data as { readonly lines: number };
          step({ kind: 'left-out', lines });
        },
      },
    });
  }, [isOn, level, source, text, basePath]);

  return {
    ...{ canFollow, state, followed },
    toggle: () => setOn(!isOn),
    pause: () => step({ kind: followed.isPaused ? 'go-on' : 'pause' }),
  };
}

/** As the API looks for it: in capitals or not, in the message or in the details. */
function hasText(line: LogLine, text: string | null): boolean {
  if (text === null) return true;
  return `${line.message} ${detailsText(line)}`.toLowerCase().includes(text.toLowerCase());
}
