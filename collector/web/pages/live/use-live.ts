import { useEffect, useRef, useState } from 'preact/hooks';
import { askForLook } from '../../browser/look.js';
import { type StreamState, watchStream } from '../../browser/watch-stream.js';
import type { LiveContent } from '../../page/live-content.js';
import type { Frame } from '../../page/page.js';

/** The parts of the last minute, the oldest first. */
export const PARTS = 12;

const PART_MS = 5000;

/** How the live page goes. */
export interface Live {
  /** `null` on the server and without script. */
  readonly state: StreamState | 'paused' | null;
  /** Reports in each part of the last minute; `null` before the first look. */
  readonly minute: readonly number[] | null;
  readonly pause: () => void;
  readonly goOn: () => void;
}

/** Reports in all, as of a moment of the browser's own clock. */
interface Total {
  readonly atMs: number;
  readonly reports: number;
}

/** Follows the stream of summaries: each asks for a look at all figures of the page. */
export function useLive({ totalReports }: LiveContent, { basePath, project }: Frame): Live {
  const [state, setState] = useState<Live['state']>(null);
  const [isPaused, setPaused] = useState(false);
  const [nowMs, setNow] = useState<number | null>(null);
  const totals = useRef<readonly Total[]>([]);

  useEffect(() => {
    if (isPaused) {
      setState('paused');
      return undefined;
    }
    const query = new URLSearchParams({ project: project ?? '' });
    let isFirst = true;
    return watchStream({
      url: `${basePath}/v1/stats/live?${query.toString()}`,
      onState: setState,
      on: {
        summary: (data) => {
          const atMs = performance.now();
          totals.current = [
            ...totals.current.filter((one) => one.atMs > atMs - 2 * PARTS * PART_MS),
            { atMs, reports: reportsOf(data) },
          ];
          setNow(atMs);
          // The page that was just loaded shows the first one already.
          if (!isFirst) askForLook();
          isFirst = false;
        },
      },
    });
  }, [isPaused, basePath, project]);

  useEffect(() => {
    if (isPaused) return undefined;
    const start: Total = { atMs: performance.now(), reports: totalReports };
    if (totals.current.length === 0) totals.current = [start];
    setNow(start.atMs);
    const timer = setInterval(() => setNow(performance.now()), PART_MS);
    return () => clearInterval(timer);
  }, [isPaused]);

  return {
    state,
    minute: nowMs === null ? null : minuteOf(totals.current, nowMs),
    pause: () => setPaused(true),
    goOn: () => {
      // After a stream that has ended by itself, this opens another one.
      setPaused(true);
      setTimeout(() => setPaused(false));
    },
  };
}

// The stream's own schema says so.
const reportsOf = (summary: unknown): number =>
  (summary as { readonly total_reports: number }).total_reports;

/** What came between the totals, by parts of the minute before a moment. */
export function minuteOf(totals: readonly Total[], nowMs: number): readonly number[] {
  const totalAt = (atMs: number): number =>
    totals.findLast((one) => one.atMs <= atMs)?.reports ?? totals[0]?.reports ?? 0;
  return Array.from({ length: PARTS }, (_, i) => {
    const endMs = nowMs - (PARTS - 1 - i) * PART_MS;
    return Math.max(0, totalAt(endMs) - totalAt(endMs - PART_MS));
  });
}
