import type { Page } from '../page/page.js';

/** Pages that change while reports come, and the least time between two looks, in milliseconds. */
const LOOK_EVERY_MS: Readonly<Record<string, number>> = {
  'first-run': 1000,
  overview: 5000,
};

/** Calls back when a report of the page's project was counted. Returns what ends that. */
export function watchReports({ frame, content }: Page, onReport: () => void): () => void {
  const everyMs = LOOK_EVERY_MS[content.page];
  if (everyMs === undefined) return () => undefined;
  const query = new URLSearchParams(frame.project === null ? {} : { project: frame.project });
  const stream = new EventSource(`${frame.basePath}/v1/stats/live?${query.toString()}`);
  // The report that a page waits for may have come since it was made.
  let isFirst = content.page !== 'first-run';
  let timer: ReturnType<typeof setTimeout> | undefined;
  let lastMs = performance.now();
  const look = (): void => {
    timer = undefined;
    lastMs = performance.now();
    if (document.visibilityState === 'visible') onReport();
  };
  stream.addEventListener('summary', () => {
    // The first one tells what the page shows already.
    if (isFirst) {
      isFirst = false;
      return;
    }
    timer ??= setTimeout(look, Math.max(0, lastMs + everyMs - performance.now()));
  });
  return () => {
    clearTimeout(timer);
    stream.close();
  };
}
