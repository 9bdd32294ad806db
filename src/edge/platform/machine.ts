import { STORAGE_TIMEOUT_MS } from '../limits.js';

/** Globals by which runtimes are told apart. */
interface Globals {
  readonly navigator?: {
    readonly userAgent?: string;
    readonly doNotTrack?: string | null;
    readonly globalPrivacyControl?: boolean;
  };
  readonly EdgeRuntime?: unknown;
  readonly Deno?: unknown;
}

const { navigator, EdgeRuntime, Deno } = globalThis as Globals;

/** The runtime's name: nothing else is known of it, and nothing is asked of a person's browser. */
export const runtime = EdgeRuntime
  ? 'edge-light'
  : Deno
    ? 'deno'
    : navigator?.userAgent === 'Cloudflare-Workers'
      ? 'workerd'
      : 'browser';

export const now = (): number => Date.now();
export const uuid = (): string => crypto.randomUUID();
export const send: typeof fetch = (...request) => fetch(...request);

/** Whether the browser asks not to be tracked. */
export const refusesTracking = (): boolean | undefined =>
  navigator?.globalPrivacyControl || navigator?.doNotTrack === '1';

/** Rejects if what a storage is asked takes too long. */
export function inTime(what: Promise<void>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<void>((_, reject) => {
    timer = setTimeout(reject, STORAGE_TIMEOUT_MS, 'the storage is too slow');
  });
  return Promise.race([what, late]).finally(() => clearTimeout(timer));
}
