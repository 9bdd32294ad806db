import { DELIVERY_KEY } from '../file-names.js';
import { type KeyValueStorage } from '../storage/storage.js';

/** What senders of one install leave for each other. */
export interface DeliveryState {
  /** Attempts that failed one after another. */
  readonly failures: number;
  /** No attempt before this, in milliseconds since the epoch; 0 for at any time. */
  readonly notBeforeMs: number;
  /** When that was decided: tells a clock that was set back. */
  readonly decidedAtMs: number;
  /** `<version> <endpoint>` of which the collector said 410: never again. */
  readonly retired: readonly string[];
  readonly lastSuccessMs: number;
}

/** What is known before the first attempt. */
export const NO_STATE: DeliveryState = {
  failures: 0,
  notBeforeMs: 0,
  decidedAtMs: 0,
  retired: [],
  lastSuccessMs: 0,
};

/** A collector cannot ask for more than a day of silence. */
const MAX_RETRY_AFTER_MS = 24 * 60 * 60 * 1000;
const LEAST_LONG_BACKOFF_MS = 60_000;
const MAX_RETIRED = 20;

/**
 * How long to wait after so many failures in a row: up to 1, 4 and 16 seconds; from the fourth on
 * a minute at least, and two at most. All with jitter, so that a fleet does not come back at once.
 *
 * @param random - 0 to 1
 */
export function backoffMs(failures: number, random: number): number {
  return failures > 3 ? LEAST_LONG_BACKOFF_MS * (1 + random) : 4 ** (failures - 1) * 1_000 * random;
}

/**
 * The state after a failed attempt. A `Retry-After` is the least to wait: proxies say `0` or `1`
 * through a long outage.
 */
export function afterFailure(
  state: DeliveryState,
  { nowMs, random, retryAfterMs }: { nowMs: number; random: number; retryAfterMs?: number },
): DeliveryState {
  const failures = state.failures + 1;
  const askedMs = Math.min(retryAfterMs ?? 0, MAX_RETRY_AFTER_MS);
  const waitMs = Math.max(askedMs, backoffMs(failures, random));
  return { ...state, failures, notBeforeMs: nowMs + waitMs, decidedAtMs: nowMs };
}

/** The state after an attempt that went through. */
export const afterSuccess = (state: DeliveryState, nowMs: number): DeliveryState => ({
  ...state,
  failures: 0,
  notBeforeMs: 0,
  decidedAtMs: nowMs,
  lastSuccessMs: nowMs,
});

/** The state after a 410 for this version of the app at this endpoint. */
export const afterRetired = (state: DeliveryState, key: string): DeliveryState => ({
  ...state,
  retired: [...state.retired.filter((known) => known !== key), key].slice(-MAX_RETIRED),
});

/** What {@link DeliveryState.retired} holds for a version and an endpoint. */
export const retiredKey = (version: string, url: string): string => `${version} ${url}`;

/** How long there is to wait still. A clock that was set back makes it no longer. */
export function waitMs(state: DeliveryState, nowMs: number): number {
  const planned = state.notBeforeMs - state.decidedAtMs;
  return Math.max(0, Math.min(state.notBeforeMs - nowMs, planned));
}

/** Reads the state; what is absent or unreadable counts as nothing known. */
export function parseState(text: unknown): DeliveryState {
  if (typeof text !== 'string') return NO_STATE;
  try {
    const json = JSON.parse(text) as Partial<Record<keyof DeliveryState, unknown>> | null;
    const number = (value: unknown): number =>
      typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : 0;
    const retired: unknown[] = Array.isArray(json?.retired) ? json.retired : [];
    return {
      failures: number(json?.failures),
      notBeforeMs: number(json?.notBeforeMs),
      decidedAtMs: number(json?.decidedAtMs),
      retired: retired.filter((key) => typeof key === 'string'),
      lastSuccessMs: number(json?.lastSuccessMs),
    };
  } catch {
    return NO_STATE; // half-written by something else: start afresh
  }
}

/** Reads the state out of a storage. Never rejects. */
export async function loadState(storage: KeyValueStorage): Promise<DeliveryState> {
  try {
    return parseState(await storage.get(DELIVERY_KEY));
  } catch {
    return NO_STATE;
  }
}

/** Keeps the state. Never rejects: where it cannot be kept, the next sender starts afresh. */
export async function saveState(storage: KeyValueStorage, state: DeliveryState): Promise<void> {
  try {
    await storage.set(DELIVERY_KEY, JSON.stringify(state));
  } catch {
    return;
  }
}
