import { timingSafeEqual } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { UserGuards } from '../access/guards.js';
import { bearerToken } from '../access/secret.js';
import type { Counting } from '../counting/counting.js';
import { notCounted } from '../counting/not-counted.js';
import { ProblemError } from '../errors.js';
import { hashOwner, isProof, OWNER_HASH_BYTES, ownerOfProof } from '../rules/owner.js';
import { deriveUid, isSharedId } from '../rules/uid.js';
import type { UserRecord } from '../store/questions.js';
import type { StoreReader } from '../store/store.js';

export interface OpenUserParts {
  readonly counting: Pick<Counting, 'allCounted' | 'failure' | 'isAlive'>;
  readonly store: Pick<StoreReader, 'owner' | 'user'>;
  /** The key of user hashes. */
  readonly pepper: Uint8Array;
  readonly guards: UserGuards;
}

/** A request with the answer that is being made. */
export interface Exchange {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
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
  /** Every report acknowledged before this moment is counted. */
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
 * has no owner or has another one, and whatever the token is; `busy`, `failing` or `disk_full` if
 * earlier reports are not counted in time; `shared_id`; `rate_limited` for too many that fail.
 */
async function openUser(
  { request, reply }: Exchange,
  { project, anonymousId }: NamedUser,
  { counting, store, pepper, guards }: OpenUserParts,
  purpose: 'read' | 'write',
): Promise<OpenedUser> {
  refuseSharedId(anonymousId);
  const asOf = await counting.allCounted(COUNT_FIRST_MS);
  if (asOf === undefined) throw notCounted(counting, purpose);
  const token = bearerToken(request.headers);
  const proof = isProof(token) ? token : NO_PROOF;
  const ownerHash = hashOwner(pepper, project, anonymousId, ownerOfProof(proof));
  const uid = deriveUid(pepper, project, anonymousId);
  const isOwner = isSame(ownerHash, await store.owner({ project, uid })) && isProof(token);
  const isAdmin = guards.isAdmin(request);
  if (!isAdmin && !isOwner) {
    guards.failed(request, reply);
    throw unknownUser();
  }
  if (!isAdmin) guards.proved(request, reply);
  return { uid, ownerHash: isAdmin ? null : ownerHash, asOf };
}

/** Compares in constant time. */
function isSame(ownerHash: Buffer, known: Uint8Array | null): boolean {
  const isEqual = timingSafeEqual(ownerHash, known ?? NO_OWNER);
  return isEqual && known !== null;
}

const unknownUser = (): ProblemError =>
  new ProblemError(
    'unknown_user',
    'Send the proof of the install that owns the ID as Authorization: Bearer.',
  );

/** Like {@link openUser}, with the user's data. */
export async function openToRead(
  exchange: Exchange,
  named: NamedUser,
  parts: OpenUserParts,
): Promise<Pick<OpenedUser, 'asOf'> & { readonly record: UserRecord }> {
  const { uid, ownerHash, asOf } = await openUser(exchange, named, parts, 'read');
  const record = await parts.store.user({ project: named.project, uid });
  // Since the proof, the ID may have been deleted and have got another owner.
  const owner = record.counted?.ownerHash ?? null;
  if (ownerHash !== null && !isSame(ownerHash, owner)) throw unknownUser();
  return { record, asOf };
}

/**
 * Like {@link openUser}, for a deletion. The administrator's needs no owner, and its place among the
 * reports is its place in the journal: it waits for nothing.
 */
export async function openToDelete(
  exchange: Exchange,
  named: NamedUser,
  parts: OpenUserParts,
): Promise<Pick<OpenedUser, 'uid' | 'ownerHash'>> {
  if (!parts.guards.isAdmin(exchange.request)) return openUser(exchange, named, parts, 'write');
  refuseSharedId(named.anonymousId);
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
