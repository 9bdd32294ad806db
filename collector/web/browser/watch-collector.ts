/** How often the collector is asked whether it is there, in milliseconds. */
const ASK_EVERY_MS = 10_000;

/** How long it may take to answer, in milliseconds. */
const TIMEOUT_MS = 5000;

/** How old a page that somebody looks at may grow, in milliseconds. */
const OLD_MS = 5 * 60_000;

interface CollectorWatch {
  /** The collector does not answer. */
  readonly onGone: () => void;
  /** The page is old, and the collector is there. */
  readonly onOld: () => void;
}

/**
 * Asks while somebody looks whether the collector is there: a page that is left open must not say
 * that all is well. Returns what ends that.
 */
export function watchCollector(basePath: string, { onGone, onOld }: CollectorWatch): () => void {
  let madeMs = performance.now();
  const ask = async (): Promise<void> => {
    if (document.visibilityState !== 'visible') return;
    if (!(await isThere(`${basePath}/livez`))) {
      onGone();
      return;
    }
    if (performance.now() - madeMs < OLD_MS) return;
    madeMs = performance.now();
    onOld();
  };
  const askNow = (): void => void ask();
  const timer = setInterval(askNow, ASK_EVERY_MS);
  document.addEventListener('visibilitychange', askNow);
  return () => {
    clearInterval(timer);
    document.removeEventListener('visibilitychange', askNow);
  };
}

async function isThere(url: string): Promise<boolean> {
  try {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    // A proxy that cannot reach the collector answers by itself.
    return (await fetch(url, { cache: 'no-store', signal })).status < 500;
  } catch {
    return false;
  }
}
