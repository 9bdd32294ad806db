import { useEffect, useRef, useState } from 'preact/hooks';
import { watchLooks } from '../../browser/look.js';
import { type StreamState, watchStream } from '../../browser/watch-stream.js';
import type { LiveContent } from '../../page/live-content.js';
import type { Frame } from '../../page/page.js';
import { addTotal, minuteOf, PART_MS, type Total } from './minute.js';

/** How the live page goes. */
export interface Live {
  /** `null` on the server and without script. */
  readonly state: StreamState | 'paused' | null;
  /** Reports in each part of the last minute; `null` before the first look. */
  readonly minute: readonly number[] | null;
  readonly pause: () => void;
  readonly goOn: () => void;
}

/** Follows the stream of summaries: each asks for a look at all figures of the page. */
export function useLive({ totalReports }: LiveContent, { basePath, project }: Frame): Live {
  const [state, setState] = useState<Live['state']>(null);
  const [isPaused, setPaused] = useState(false);
  /** Counts streams: another number opens another one. */
  const [opened, setOpened] = useState(0);
  const [nowMs, setNow] = useState<number | null>(null);
  const totals = useRef<readonly Total[]>([]);

  const add = (reports: number): void => {
    const total = { atMs: performance.now(), reports };
    totals.current = addTotal(totals.current, total);
    setNow(total.atMs);
  };

  useEffect(() => {
    if (isPaused) {
      setState('paused');
      return undefined;
    }
    const looks = watchLooks();
    // The page that was just loaded shows the first summary already.
    let isKnown = opened === 0;
    if (isKnown) add(totalReports);
    const query = new URLSearchParams({ project: project ?? '' });
    const close = watchStream({
      url: `${basePath}/v1/stats/live?${query.toString()}`,
      onState: setState,
      on: {
        summary: (data) => {
          // The stream's own schema says so.
          const { total_reports } = data as { readonly total_reports: number };
          add(total_reports);
          if (!isKnown) looks.ask();
          isKnown = false;
        },
      },
    });
    const timer = setInterval(() => setNow(performance.now()), PART_MS);
    return () => {
      clearInterval(timer);
      close();
      looks.end();
    };
  }, [isPaused, opened, basePath, project]);

  return {
    state,
    minute: nowMs === null ? null : minuteOf(totals.current, nowMs),
    pause: () => setPaused(true),
    goOn: () => {
      setPaused(false);
      setOpened(opened + 1);
    },
  };
}
