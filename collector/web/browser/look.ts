const LOOK = 'headcount-look';

/** The least time between two looks, in milliseconds. */
const LEAST_MS = 1000;

/** Looks that a part of the page asks for. */
export interface Looks {
  /** Asks for the figures of the page anew: all of them, so that they stay of one moment. */
  ask(): void;
  end(): void;
}

/** Lets a part of the page ask for looks. While nobody sees the page, one is put off until then. */
export function watchLooks(): Looks {
  let isDue = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let lastMs = -Infinity;
  const look = (): void => {
    timer = undefined;
    if (!isDue || document.visibilityState !== 'visible') return;
    isDue = false;
    lastMs = performance.now();
    document.dispatchEvent(new Event(LOOK));
  };
  document.addEventListener('visibilitychange', look);
  return {
    ask: () => {
      isDue = true;
      timer ??= setTimeout(look, Math.max(0, lastMs + LEAST_MS - performance.now()));
    },
    end: () => {
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', look);
    },
  };
}

/** Calls back when a part of the page asks for its figures. Returns what ends that. */
export function onLook(look: () => void): () => void {
  document.addEventListener(LOOK, look);
  return () => document.removeEventListener(LOOK, look);
}
