import type {
  CollectorDeletion,
  CollectorFailure,
  Failure,
  ForgetResult,
} from '../../delivery/answers.js';
import { isSame, removeCollectors } from '../../delivery/known-collectors.js';
import { DELETIONS_KEY, DELIVERY_KEY, ID_KEY, SECRET_KEY } from '../../file-names.js';
import { FORGOTTEN_ID } from '../../storage/storage.js';
import { errorTextOf } from '../http.js';
import { secretKeyOf } from '../identity/owner-secret.js';
import { askCollector } from './ask-collector.js';
import {
  type Deletion,
  keepReceipts,
  loadDeletions,
  loadReceipts,
  saveDeletions,
} from './deletions.js';
import { isOfNow, parseReceipt } from './receipt.js';
import { removeClientCollectors } from './recorded-collectors.js';
import type { TaskParts } from './task.js';
import { whyUnknown, noProof, obstacleTo, whyNot } from './user-answers.js';
import { addressNow, type UserCollector, userCollectors } from './user-collectors.js';

/** A deletion to ask for. */
interface Due extends Deletion {
  /** Whether `unknown-id` answers it: the collector was asked before, or never got a report. */
  readonly mayBeUnknown: boolean;
}

/**
 * Has all collectors delete everything about this user, also those that have not confirmed an
 * earlier request. First everything needed to ask is kept apart and the ID is dropped, so that no
 * kill can lose one of them, or make a later report belong to the old ID.
 */
export async function forgetUser(parts: TaskParts): Promise<ForgetResult> {
  const { storage, job } = parts;
  const obstacle = obstacleTo(parts);
  if (obstacle !== undefined) return failure(obstacle);
  const found = await userCollectors(parts);
  if (typeof found === 'string') return failure(whyUnknown(found));
  const earlier = (await loadDeletions(storage)).map((deletion) => ({
    ...deletion,
    endpoint: addressNow(deletion.endpoint, job.endpoint),
  }));
  const due = dueDeletions(earlier, found.collectors);
  const unproved = found.collectors.filter(({ proof }) => proof === undefined);
  const idKeys = found.idKeys.filter((idKey) => !unproved.some(({ key }) => key === idKey));
  const dropError = await drop({ due, idKeys, dropped: found.collectors }, parts);
  const asked = await Promise.all(
    due.map(async (one) => ({ one, result: await deleteAt(one, parts) })),
  );
  const collectors = [...asked.map(({ result }) => result), ...unproved.map(noProof)];
  const left = asked.filter(({ one, result }) => !isSettled(one, result)).map(({ one }) => one);
  const keepError = await keepResults(left, collectors, parts);
  const localError = dropError ?? keepError;
  if (localError !== undefined) {
    const error = `the ID could not be dropped here: ${localError}`;
    return { ok: false, error: [whyNot(collectors), error].filter(Boolean).join('; '), collectors };
  }
  if (left.length + unproved.length > 0) {
    return { ok: false, error: whyNot(collectors), collectors };
  }
  const receipts = collectors.length === 0 ? await loadReceipts(storage, job.project) : [];
  return { ok: true, collectors, ...(receipts.length > 0 && { earlier: receipts }) };
}

const failure = (error: string): Failure => ({ ok: false, error });

/** Those of earlier requests, then those of the present IDs. */
function dueDeletions(
  earlier: readonly Deletion[],
  collectors: readonly UserCollector[],
): readonly Due[] {
  const now = collectors.flatMap(({ endpoint, anonymousId, proof, isRemembered }): Due[] =>
    proof === undefined ? [] : [{ endpoint, anonymousId, proof, mayBeUnknown: !isRemembered }],
  );
  const isNew = (one: Due): boolean => !earlier.some((other) => isSame(one, other));
  return [...earlier.map((one) => ({ ...one, mayBeUnknown: true })), ...now.filter(isNew)];
}

const isSettled = ({ mayBeUnknown }: Due, result: CollectorDeletion | CollectorFailure): boolean =>
  result.ok || (mayBeUnknown && result.reason === 'unknown-id');

async function deleteAt(
  deletion: Due,
  parts: TaskParts,
): Promise<CollectorDeletion | CollectorFailure> {
  const { job, clock } = parts;
  const askedMs = clock.now();
  const answer = await askCollector('DELETE', deletion, parts, (json) => {
    const receipt = parseReceipt(json, job.project);
    return receipt && isOfNow(receipt, askedMs) ? receipt : undefined;
  });
  if (!answer.ok) return answer;
  const { endpoint, anonymousId } = deletion;
  return { ok: true, collector: endpoint.url, anonymousId, receipt: answer.value };
}

interface Dropped {
  readonly due: readonly Due[];
  readonly idKeys: readonly string[];
  readonly dropped: readonly UserCollector[];
}

/**
 * Drops the IDs, their secrets, and all that could link the next ID to them. A mark replaces each
 * ID: the machine would give the same one again. Resolves with the error of the storage, if any.
 */
async function drop({ due, idKeys, dropped }: Dropped, parts: TaskParts) {
  const { storage } = parts;
  try {
    if (due.length > 0) await saveDeletions(storage, due);
    await removeCollectors(
      storage,
      dropped.filter(({ key }) => idKeys.includes(key)),
    );
    for (const key of idKeys) {
      // The secret first: a kill in between must not leave it to the next ID.
      await storage.remove(secretKeyOf(key));
      await storage.set(key, FORGOTTEN_ID);
    }
    if (idKeys.length > 0) removeClientCollectors(parts);
    // A collector has set times in it: it could recognize the next ID by them.
    if (idKeys.length > 0) await storage.remove(DELIVERY_KEY);
    removeDrafts(parts);
    return undefined;
  } catch (error) {
    return errorTextOf(error);
  }
}

/** Keeps what is left to ask for, and the receipts. Resolves with the error, if any. */
async function keepResults(
  left: readonly Due[],
  results: readonly (CollectorDeletion | CollectorFailure)[],
  { storage, job }: TaskParts,
) {
  try {
    if (results.length > 0) await saveDeletions(storage, left);
    const receipts = results.flatMap((result) => (result.ok ? [result] : []));
    await keepReceipts(
      storage,
      job.project,
      receipts.map(({ collector, receipt }) => ({ collector, receipt })),
    );
    return undefined;
  } catch (error) {
    return errorTextOf(error);
  }
}

/** A process that was killed while it stored one of these may have left a draft of it. */
function removeDrafts({ job, files }: TaskParts): void {
  const folder = job.folders?.config;
  if (folder === undefined) return;
  const isOurs = (name: string): boolean =>
    [ID_KEY, SECRET_KEY, DELETIONS_KEY].some((key) => name.startsWith(`${key}.`));
  for (const name of files.list(folder)) {
    if (isOurs(name) && name.endsWith('.tmp')) files.remove(`${folder}/${name}`);
  }
}
