import type { Identity } from '../../report/draft.js';
import type { KeyValueStorage } from '../../storage/storage.js';
import { findIdPlace, type IdentitySources, type IdPlace } from './id-place.js';
import { LATE } from './machine-id.js';
import { keepSecret } from './owner-secret.js';
import { ownerOf, proofFor } from './ownership.js';
import { storedText, storeFirst } from './stored-id.js';

/**
 * The anonymous ID of this user on this machine for one project. Three sources, in this order:
 *
 * 1. **stored**: the ID that an earlier run stored. Anything else found there is replaced.
 * 2. **machine**: a hash of the machine ID and the user, keyed by the project.
 * 3. **time**: MD5 over the moment and 16 random bytes.
 *
 * After the user was forgotten, source 2 is skipped: it would give the deleted ID again.
 *
 * A new ID is stored exclusively, so that many first runs at the same time all get the first one.
 * If it cannot be stored, the report says so (`id_persisted: false`).
 *
 * A machine that does not tell its ID in time may tell it the next time. Reports that may wait do so,
 * because an ID is never replaced: the person would be counted twice (ADR 0027).
 *
 * A check of the machine is stored beside the ID. It tells when a home was copied to another
 * machine (a cloned image, a synced folder). That machine gets another ID under another key, so
 * that machines with a shared home do not replace each other's ID.
 *
 * A kept ID has an owner: a secret is kept beside it.
 *
 * @throws an error with the code {@link LATE} if the reports should wait
 */
export async function resolveIdentity(sources: IdentitySources): Promise<Identity> {
  const place = await findIdPlace(sources);
  const identity = await identityAt(place, sources);
  if (!identity.id_persisted) return identity;
  const secret = await keepSecret(sources.storage, place.key, sources.newSecret);
  if (secret === undefined) return identity;
  return { ...identity, owner: ownerOf(proofFor(secret, sources), sources) };
}

async function identityAt(
  { key, found, fingerprint, isCopied, isLate }: IdPlace,
  sources: IdentitySources,
): Promise<Identity> {
  const { storage } = sources;
  const check = fingerprint?.check;
  if (found.identity) {
    if (found.check === undefined && check !== undefined) {
      await addCheck(storage, key, found.identity, check);
    }
    return asKept(found.identity, storage);
  }
  if (isLate && sources.mayWait && !found.isForgotten) {
    throw Object.assign(new Error('the machine has not told its ID in time'), { code: LATE });
  }
  const fromMachine = found.isForgotten ? undefined : fingerprint?.id;
  const made = fromMachine ?? sources.timeId();
  const id_source = fromMachine === undefined ? 'time' : isCopied ? 'copied' : 'machine';
  const kept = await storeFirst(storage, key, storedText(made, id_source, check), found.isJunk);
  return kept ? asKept(kept, storage) : { anonymous_id: made, id_source, id_persisted: false };
}

const asKept = (identity: Identity, { isPersistent = true }: KeyValueStorage): Identity => ({
  ...identity,
  id_persisted: isPersistent,
});

/** For an ID that was made when the machine was unknown: from now on a copy is recognized. */
async function addCheck(
  storage: KeyValueStorage,
  key: string,
  { anonymous_id, id_source }: Identity,
  check: string,
): Promise<void> {
  if (id_source === 'given' || id_source === 'ci') return; // never stored
  try {
    await storage.set(key, storedText(anonymous_id, id_source, check));
  } catch {
    return; // a read-only home: the ID itself is there
  }
}

/**
 * The ID that this user's reports have had or would have, unless it depends on chance: the given
 * one, else the stored one, else the one made from the machine. Stores nothing.
 *
 * @returns `undefined` if there is none, `unreadable` if one is stored that cannot be read
 */
export async function findIdentity(
  sources: IdentitySources,
  givenId?: string,
): Promise<Identity | 'unreadable' | undefined> {
  if (givenId !== undefined) {
    return { anonymous_id: givenId, id_source: 'given', id_persisted: true };
  }
  const { found, fingerprint, isCopied } = await findIdPlace(sources);
  if (found.identity) return found.identity;
  if (!fingerprint || found.isForgotten) return found.isUnreadable ? 'unreadable' : undefined;
  const id_source = isCopied ? 'copied' : 'machine';
  return { anonymous_id: fingerprint.id, id_source, id_persisted: false };
}

/** What {@link timeId} is made of. */
export interface TimeSources {
  now(): number;
  /** Nanoseconds of a monotonic clock. */
  hrtime(): bigint;
  readonly pid: number;
  randomBytes(count: number): Uint8Array;
  /** Throws for an algorithm the system forbids. */
  hash(algorithm: 'md5' | 'sha256', text: string): string;
}

/**
 * 16 hex digits: MD5 over timestamp, monotonic clock, pid and 16 random
 * bytes. (MD5 of a bare millisecond collides: about 11 000 first runs a day give a 50 % chance.)
 * Under FIPS, where MD5 throws, SHA-256 cut to the same length.
 */
export function timeId(sources: TimeSources): string {
  const { pid } = sources;
  const moment = [sources.now(), sources.hrtime(), pid, sources.randomBytes(16).join()].join(':');
  try {
    return sources.hash('md5', moment).slice(0, 16);
  } catch {
    return sources.hash('sha256', moment).slice(0, 16); // FIPS
  }
}
