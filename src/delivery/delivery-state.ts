import { ownOnly } from '../own-only.js';
import { DELIVERY_KEY } from '../file-names.js';
import { type Endpoint, isThisMachines } from '../project/endpoint.js';
import { clamp, MAX_FAILURES, MAX_TIME_MS, MAX_WAIT_MS } from '../ranges.js';
import type { KeyValueStorage } from '../storage/storage.js';
import { isRecord } from '../type-guards.js';

/** What the senders of one install know of one endpoint. */
export interface DeliveryState {
  /** The address. Of the collectors on this machine, only the last one is kept. */
  readonly url: string;
  /** How many attempts failed in a row. */
  readonly failures: number;
  /** The earliest time of the next attempt, in milliseconds since the epoch; 0 for any time. */
  readonly notBeforeMs: number;
  /** When that was decided: shows whether the clock was set back since. */
  readonly decidedAtMs: number;
  /** The versions of the app that the collector retired by a 410. */
  readonly retired: readonly string[];
  readonly lastSuccessMs: number;
}

/** The states of all endpoints, by {@link stateKey}. */
export type DeliveryStates = Readonly<Record<string, DeliveryState>>;

const LEAST_LONG_BACKOFF_MS = 60_000;
const MAX_RETIRED = 20;
const MAX_STATES = 100;

/**
 * Whose attempts at an endpoint a state is about. A sender of another app may lack the certificate
 * or the proxy that the endpoint needs: its failures do not delay the app that names the endpoint.
 */
export type Sender = 'own' | 'other';

/** The key of an endpoint's state. No URL has a space. */
export const stateKey = (endpoint: Endpoint, sender: Sender = 'own'): string =>
  (isThisMachines(endpoint) ? 'this machine' : endpoint.url) +
  (sender === 'other' ? ' by others' : '');

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
}

/**
 * The state after a failed attempt. A `Retry-After` can only make the wait longer, because proxies
 * answer `0` or `1` during a long outage.
 */
export function afterFailure(
  state: DeliveryState,
  { nowMs, random, retryAfterMs }: Failed,
): DeliveryState {
  const failures = state.failures + 1;
  const askedMs = clamp(retryAfterMs, MAX_WAIT_MS);
  const waitMs = Math.round(Math.max(askedMs, backoffMs(failures, random)));
  return { ...state, failures, notBeforeMs: nowMs + waitMs, decidedAtMs: nowMs };
}

/** The state after a successful attempt. */
export const afterSuccess = (state: DeliveryState, nowMs: number): DeliveryState => ({
  ...state,
  failures: 0,
  notBeforeMs: 0,
  decidedAtMs: nowMs,
  lastSuccessMs: nowMs,
});

/** The state after a 410 for this version of the app. */
export const afterRetired = (state: DeliveryState, version: string): DeliveryState => ({
  ...state,
  retired: [...state.retired.filter((known) => known !== version), version].slice(-MAX_RETIRED),
});

/** How long to wait from now on. A clock that was set back does not make it longer. */
export function waitMs({ notBeforeMs, decidedAtMs }: DeliveryState, nowMs: number): number {
  // Set back by more than a day: the wait would begin anew each time.
  if (decidedAtMs - nowMs > MAX_WAIT_MS) return 0;
  return clamp(Math.min(notBeforeMs - nowMs, notBeforeMs - decidedAtMs), MAX_WAIT_MS);
}

/** The state of an endpoint in the text of all states. */
export function stateIn(text: unknown, endpoint: Endpoint, sender?: Sender): DeliveryState {
  const state = readState(recordIn(text)[stateKey(endpoint, sender)]);
  return state.url === endpoint.url ? state : { ...NO_STATE, url: endpoint.url };
}

/** Any value has properties: those of a damaged file are missing, or of a wrong type. */
type Properties<Key extends string> = Readonly<Partial<Record<Key, unknown>>>;

function recordIn(text: unknown): Properties<string> {
  try {
    // Of `null` and texts, ownOnly() makes an empty object.
    return ownOnly((JSON.parse(String(text)) ?? {}) as Properties<string>);
  } catch {
    return {}; // not written by this package, or nothing is stored
  }
}

function readState(value: unknown): DeliveryState {
  const found = ownOnly((value ?? {}) as Properties<keyof DeliveryState>);
  const decidedAtMs = clamp(found.decidedAtMs, MAX_TIME_MS);
  return {
    url: String(found.url),
    failures: clamp(found.failures, MAX_FAILURES),
    // No sender decides on a longer wait than this.
    notBeforeMs: clamp(found.notBeforeMs, decidedAtMs + MAX_WAIT_MS),
    decidedAtMs,
    retired: Array.isArray(found.retired) ? found.retired.map(String).slice(-MAX_RETIRED) : [],
    lastSuccessMs: clamp(found.lastSuccessMs, MAX_TIME_MS),
  };
}

/** The state before the first attempt. */
export const NO_STATE: DeliveryState = readState(undefined);

/** Reads the state of an endpoint from a storage. Never rejects. */
export async function loadState(
  storage: KeyValueStorage,
  endpoint: Endpoint,
  sender?: Sender,
): Promise<DeliveryState> {
  return stateIn(await load(storage), endpoint, sender);
}

/** Never rejects: what cannot be read counts as nothing. */
async function load(storage: KeyValueStorage): Promise<unknown> {
  try {
    return await storage.get(DELIVERY_KEY);
  } catch {
    return undefined;
  }
}

/**
 * Stores the state of an endpoint. Never rejects: if that fails, the next sender starts with the
 * old state. Callers save one state after another, since all are one text.
 */
export async function saveState(
  storage: KeyValueStorage,
  endpoint: Endpoint,
  state: DeliveryState,
  sender?: Sender,
): Promise<void> {
  const key = stateKey(endpoint, sender);
  const known = recordIn(await load(storage));
  const others = Object.entries(isRecord(known) ? known : {})
    .filter(([other]) => other !== key)
    .map(([other, value]) => [other, readState(value)] as const)
    .sort(([, a], [, b]) => a.decidedAtMs - b.decidedAtMs)
    .slice(1 - MAX_STATES);
  const states: DeliveryStates = Object.fromEntries([
    ...others,
    [key, { ...state, url: endpoint.url }],
  ]);
  try {
    await storage.set(DELIVERY_KEY, JSON.stringify(states));
  } catch {
    return;
  }
}
