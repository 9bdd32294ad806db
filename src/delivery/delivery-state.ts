import { ownOnly } from '../own-only.js';
import { DELIVERY_KEY } from '../file-names.js';
import type { Endpoint } from '../project/endpoint.js';
import { type KeyValueStorage } from '../storage/storage.js';

/** What the senders of one install share. */
export interface DeliveryState {
  /** How many attempts failed in a row. */
  readonly failures: number;
  /** Nobody had named the endpoint of these attempts: they say nothing of a named one. */
  readonly isImplicit?: true;
  /** The earliest time of the next attempt, in milliseconds since the epoch; 0 for any time. */
  readonly notBeforeMs: number;
  /** When that was decided: shows whether the clock was set back since. */
  readonly decidedAtMs: number;
  /** Each `<version> <endpoint>` that the collector retired by a 410. */
  readonly retired: readonly string[];
  readonly lastSuccessMs: number;
}

/** The state before the first attempt. */
export const NO_STATE: DeliveryState = ownOnly<DeliveryState>({
  failures: 0,
  notBeforeMs: 0,
  decidedAtMs: 0,
  retired: [],
  lastSuccessMs: 0,
});

/** A longer `Retry-After` counts as this. */
const MAX_RETRY_AFTER_MS = 24 * 60 * 60 * 1000;
const LEAST_LONG_BACKOFF_MS = 60_000;
const MAX_RETIRED = 20;

/**
 * The wait after `failures` failures in a row: up to 1, 4 and 16 seconds, then 1 to 2 minutes. The
 * jitter keeps many machines from retrying at the same moment.
 *
 * @param random - 0 to 1
 */
export function backoffMs(failures: number, random: number): number {
  return failures > 3 ? LEAST_LONG_BACKOFF_MS * (1 + random) : 4 ** (failures - 1) * 1_000 * random;
}

/** A failed attempt. */
interface Failed {
  readonly nowMs: number;
  /** 0 to 1. */
  readonly random: number;
  readonly retryAfterMs?: number;
  readonly isImplicit?: boolean;
}

/**
 * The state after a failed attempt. A `Retry-After` can only make the wait longer, because proxies
 * answer `0` or `1` during a long outage.
 */
export function afterFailure(
  state: DeliveryState,
  { nowMs, random, retryAfterMs, isImplicit }: Failed,
): DeliveryState {
  const failures = state.failures + 1;
  const askedMs = Math.min(retryAfterMs ?? 0, MAX_RETRY_AFTER_MS);
  const waitMs = Math.max(askedMs, backoffMs(failures, random));
  const { retired, lastSuccessMs } = state;
  const failed = { failures, notBeforeMs: nowMs + waitMs, decidedAtMs: nowMs };
  return { ...failed, retired, lastSuccessMs, ...(isImplicit && { isImplicit }) };
}

/** The state after a successful attempt. */
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

/** The entry of {@link DeliveryState.retired} for a version and an endpoint. */
export const retiredKey = (version: string, url: string): string => `${version} ${url}`;

/** How long to wait from now on. A clock that was set back does not make it longer. */
export function waitMs(state: DeliveryState, nowMs: number): number {
  const planned = state.notBeforeMs - state.decidedAtMs;
  return Math.max(0, Math.min(state.notBeforeMs - nowMs, planned));
}

/** The state for an endpoint: failures of the default one do not delay a configured one. */
export const stateFor = (state: DeliveryState, { implicit }: Endpoint): DeliveryState =>
  state.isImplicit && !implicit ? { ...state, failures: 0, notBeforeMs: 0 } : state;

/** Reads the state. An absent or unreadable one counts as {@link NO_STATE}. */
export function parseState(text: unknown): DeliveryState {
  if (typeof text !== 'string') return NO_STATE;
  try {
    // The cast: of `null` and texts, ownOnly() makes an empty object.
    const json = ownOnly(JSON.parse(text) as Partial<Record<keyof DeliveryState, unknown>>);
    const number = (value: unknown): number =>
      typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : 0;
    const retired: unknown[] = Array.isArray(json.retired) ? json.retired : [];
    return ownOnly<DeliveryState>({
      failures: number(json.failures),
      notBeforeMs: number(json.notBeforeMs),
      decidedAtMs: number(json.decidedAtMs),
      retired: retired.filter((key) => typeof key === 'string'),
      lastSuccessMs: number(json.lastSuccessMs),
      ...(json.isImplicit === true && { isImplicit: true }),
    });
  } catch {
    return NO_STATE; // not written by this package
  }
}

/** Reads the state from a storage. Never rejects. */
export async function loadState(storage: KeyValueStorage): Promise<DeliveryState> {
  try {
    return parseState(await storage.get(DELIVERY_KEY));
  } catch {
    return NO_STATE;
  }
}

/** Stores the state. Never rejects: if that fails, the next sender starts with the old state. */
export async function saveState(storage: KeyValueStorage, state: DeliveryState): Promise<void> {
  try {
    await storage.set(DELIVERY_KEY, JSON.stringify(state));
  } catch {
    return;
  }
}
