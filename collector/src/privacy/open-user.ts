import { timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import type { UserGuards } from '../access/guards.js';
import { bearerToken } from '../access/secret.js';
import type { Counting } from '../counting/counting.js';
import { ProblemError } from '../errors.js';
import { hashOwner, isProof, OWNER_HASH_BYTES, ownerOfProof } from '../rules/owner.js';
import { deriveUid, isSharedId } from '../rules/uid.js';
import type { UserRecord } from '../store/questions.js';
import type { StoreReader } from '../store/store.js';

export interface OpenUserParts {
  readonly counting: Pick<Counting, 'allCounted' | 'isAlive'>;
  readonly store: Pick<StoreReader, 'user'>;
  /** The key of user hashes. */
  readonly pepper: Uint8Array;
  readonly guards: Pick<UserGuards, 'isAdmin' | 'proved'>;
}

/** The user that a request names. */
export interface NamedUser {
  readonly project: string;
  readonly anonymousId: string;
}

/** A user whose data the sender of a request may see and delete. */
export interface OpenedUser {
  readonly uid: Buffer;
  /** The keyed hash of the owner; `null` if the administrator asks. */
  readonly ownerHash: Buffer | null;
  readonly record: UserRecord;
  /** Every report acknowledged before this moment is in the record. */
  readonly asOf: Date;
}

/**
 * How long an answer waits until earlier acknowledged reports are counted, in milliseconds: one of
 * them may name the owner.
 */
const COUNT_FIRST_MS = 5000;

const NO_PROOF = '0'.repeat(64);
const NO_OWNER = Buffer.alloc(OWNER_HASH_BYTES);

/**
 * Finds the user that a request names, if its token is the proof of the user's owner or the
 * administrator's token. The administrator may ask for any ID, known or not.
 *
 * @throws `ProblemError` `unknown_user`, the same after the same work, whether the ID is unknown,
 * has no owner or has another one, and whatever the token is; `busy` or `failing` if earlier
 * reports are not counted in time; `shared_id`.
 */
export async function openUser(
  request: FastifyRequest,
  { project, anonymousId }: NamedUser,
  { counting, store, pepper, guards }: OpenUserParts,
): Promise<OpenedUser> {
  refuseSharedId(anonymousId);
  const asOf = await counting.allCounted(COUNT_FIRST_MS);
  if (asOf === undefined) {
    throw new ProblemError(
      counting.isAlive ? 'busy' : 'failing',
      'Reports that came before are not counted yet. Send the request again later.',
    );
  }
  const token = bearerToken(request.headers);
  const proof = isProof(token) ? token : NO_PROOF;
  const ownerHash = hashOwner(pepper, project, anonymousId, ownerOfProof(proof));
  const uid = deriveUid(pepper, project, anonymousId);
  const record = await store.user({ project, uid });
  const known = record.counted?.ownerHash ?? null;
  const isEqual = timingSafeEqual(ownerHash, known ?? NO_OWNER);
  const isAdmin = guards.isAdmin(request);
  if (!isAdmin && !(isEqual && known !== null && isProof(token))) {
    throw new ProblemError(
      'unknown_user',
      'Send the proof of the install that owns the ID as Authorization: Bearer.',
    );
  }
  guards.proved(request);
  return { uid, ownerHash: isAdmin ? null : ownerHash, record, asOf };
}

/**
 * Like {@link openUser}, for a deletion. The administrator's needs no owner, and its place among the
 * reports is its place in the journal: it waits for nothing.
 */
export async function openToDelete(
  request: FastifyRequest,
  named: NamedUser,
  parts: OpenUserParts,
): Promise<Pick<OpenedUser, 'uid' | 'ownerHash'>> {
  if (!parts.guards.isAdmin(request)) return openUser(request, named, parts);
  refuseSharedId(named.anonymousId);
  parts.guards.proved(request);
  return { uid: deriveUid(parts.pepper, named.project, named.anonymousId), ownerHash: null };
}

/** @throws `ProblemError` `shared_id` */
function refuseSharedId(anonymousId: string): void {
  if (!isSharedId(anonymousId)) return;
  throw new ProblemError(
    'shared_id',
    'IDs that begin with "ci-" are those of build farms, each shared by many: nobody owns one.',
  );
}
