import {
  collectorEntry,
  entriesIn,
  type KnownCollector,
  parseCollector,
} from '../../delivery/known-collectors.js';
import type { KeptReceipt } from '../../delivery/answers.js';
import { DELETIONS_KEY, RECEIPT_KEY } from '../../file-names.js';
import { parseEndpoint } from '../../project/parse-endpoint.js';
import type { KeyValueStorage } from '../../storage/storage.js';
import { parseReceipt } from './receipt.js';

/** A deletion that a collector has not confirmed: all that is needed to ask for it again. */
export interface Deletion extends KnownCollector {
  readonly proof: string;
}

/** More than any install has; a longer list was not written by this package. */
const MAX_DELETIONS = 200;
const MAX_RECEIPTS = 50;
const PROOF = /^[0-9a-f]{64}$/;

/** The deletions that were not confirmed yet. Rejects if the storage fails. */
export async function loadDeletions(storage: KeyValueStorage): Promise<readonly Deletion[]> {
  return entriesIn(await storage.get(DELETIONS_KEY))
    .flatMap((entry) => {
      const collector = parseCollector(entry);
      const { proof } = entry;
      return collector && typeof proof === 'string' && PROOF.test(proof)
        ? [{ ...collector, proof }]
        : [];
    })
    .slice(-MAX_DELETIONS);
}

/** Replaces the list. Rejects if the storage fails. */
export async function saveDeletions(
  storage: KeyValueStorage,
  deletions: readonly Deletion[],
): Promise<void> {
  if (deletions.length === 0) return void (await storage.remove(DELETIONS_KEY));
  const entries = deletions.map(({ proof, ...one }) => ({ ...collectorEntry(one), proof }));
  await storage.set(DELETIONS_KEY, JSON.stringify(entries));
}

/** The receipts of all deletions, as far as they are kept. Never rejects. */
export async function loadReceipts(
  storage: KeyValueStorage,
  project: string,
): Promise<readonly KeptReceipt[]> {
  try {
    return entriesIn(await storage.get(RECEIPT_KEY)).flatMap((entry) => {
      const receipt = parseReceipt(entry['receipt'], project);
      const { collector } = entry;
      const parsed = typeof collector === 'string' && parseEndpoint(collector, ANY);
      return receipt && typeof parsed === 'object' ? [{ collector: parsed.url, receipt }] : [];
    });
  } catch {
    return []; // they are for the user to look at
  }
}

const ANY = { allowInsecure: true };

/** Adds receipts to those that are kept. Rejects if the storage fails. */
export async function keepReceipts(
  storage: KeyValueStorage,
  project: string,
  added: readonly KeptReceipt[],
): Promise<void> {
  if (added.length === 0) return;
  const kept = [...(await loadReceipts(storage, project)), ...added].slice(-MAX_RECEIPTS);
  await storage.set(RECEIPT_KEY, JSON.stringify(kept));
}
