import { isDeepStrictEqual } from 'node:util';
import type { SharedBeginning } from '../store/shared-store.js';
import { MoveError } from '../store/moving/move-side.js';

/** What moved of settings, in documents of each kind, and entries of the log. */
export interface MovedSettings {
  readonly documents: Readonly<Record<string, number>>;
  readonly log: number;
}

/** @throws `MoveError` if a folder and a store do not have the same. */
export function compareSettings(folder: SharedBeginning, store: SharedBeginning): MovedSettings {
  const documents: Record<string, number> = {};
  for (const [kind, inFolder] of Object.entries(folder.documents)) {
    const inStore = store.documents[kind];
    if (!isDeepStrictEqual(inFolder ?? new Map(), inStore ?? new Map())) throw differs(kind);
    documents[kind] = inFolder?.size ?? 0;
  }
  if (!isDeepStrictEqual(folder.log, store.log)) throw differs('the audit log');
  return { documents, log: folder.log.length };
}

const differs = (what: string): MoveError =>
  new MoveError(
    `What the folder has of ${what} is not what the store has. Nothing was changed. Run this again.`,
  );
