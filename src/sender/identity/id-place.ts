import { ID_KEY } from '../../file-names.js';
import type { KeyValueStorage } from '../../storage/storage.js';
import { type Fingerprint, fingerprintOf, LATE } from './machine-id.js';
import type { ProofSources } from './ownership.js';
import { readStored, type StoredId } from './stored-id.js';

/** What an ID is made from. */
export interface IdentitySources extends ProofSources {
  readonly storage: KeyValueStorage;
  /** Containers have the machine ID of their image: thousands of users would be one. */
  readonly container: boolean;
  /** Whether the reports can be sent later: an ID that is made now is kept for good. */
  readonly mayWait?: boolean;
  /** The last source: 16 hex digits that no other process gets. */
  readonly timeId: () => string;
  /** A new secret: 64 hex digits. */
  readonly newSecret: () => string;
}

/** Where this machine's ID is or would be stored. */
export interface IdPlace {
  readonly key: string;
  readonly found: StoredId;
  readonly fingerprint: Fingerprint | undefined;
  /** The home was copied from another machine, with an ID in it. */
  readonly isCopied: boolean;
  /** The machine has not told its ID in time. */
  readonly isLate: boolean;
}

/** Looks for this machine's ID; stores nothing. */
export async function findIdPlace(sources: IdentitySources): Promise<IdPlace> {
  const { project, endpoint, storage, machine } = sources;
  const origin = endpoint.fromEnvironment ? new URL(endpoint.url).origin : undefined;
  const usual = origin === undefined ? ID_KEY : `${ID_KEY}.${digitsOf(origin, sources)}`;
  const found = await readStored(storage, usual);
  const told = sources.container ? undefined : await fingerprintOf(project, machine, origin);
  const isLate = told === LATE;
  const fingerprint = isLate ? undefined : told;
  const isCopied =
    found.check !== undefined && fingerprint !== undefined && found.check !== fingerprint.check;
  if (!isCopied) return { key: usual, found, fingerprint, isCopied, isLate };
  const key = `${usual}.${fingerprint.check.slice(0, 8)}`;
  return { key, found: await readStored(storage, key), fingerprint, isCopied, isLate };
}

const digitsOf = (origin: string, { hash }: IdentitySources): string =>
  hash('sha256', origin).slice(0, 16);
