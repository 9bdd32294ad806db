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

const name = EdgeRuntime
  ? 'edge-light'
  : Deno
    ? 'deno'
    : navigator?.userAgent === 'Cloudflare-Workers'
      ? 'workerd'
      : 'browser';

/** What is taken from the runtime. */
export const machine = {
  /** Its name: nothing else is known of it, and nothing is asked of a person's browser. */
  runtime: name,
  now: () => Date.now(),
  uuid: () => crypto.randomUUID(),
  fetch: (...request: Parameters<typeof fetch>) => fetch(...request),
  /** Whether the browser asks not to be tracked. */
  refusesTracking: (): boolean =>
    navigator?.globalPrivacyControl === true || navigator?.doNotTrack === '1',
};
