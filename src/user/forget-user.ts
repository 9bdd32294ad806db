import { FORGOTTEN_ID, ID_KEY, RECEIPT_KEY } from '../storage/storage.js';
import type { Forgotten } from './answers.js';
import { askCollector } from './ask-collector.js';
import { ID_UNREADABLE } from './id-unreadable.js';
import type { TaskParts } from './task-parts.js';

/**
 * Has everything of this user deleted. The ID is dropped only once the collector has confirmed:
 * before, it is needed to ask again. In its place stays a mark, so that the next ID is not made
 * from this machine: it would be the same one.
 */
export async function forgetUser(parts: TaskParts): Promise<Forgotten> {
  const { storage, now } = parts;
  const identity = await parts.findIdentity();
  if (!identity) return { done: true, ...(await earlierReceipt(parts)) };
  if (identity === 'unreadable') return { done: false, cause: ID_UNREADABLE };
  const answer = await askCollector('DELETE', identity.anonymous_id, parts);
  if (!answer.done) return answer;
  const receipt = { confirmed_at: new Date(now()).toISOString(), receipt: answer.data };
  try {
    if (identity.key !== undefined) await storage.set(identity.key, FORGOTTEN_ID);
    await storage.set(RECEIPT_KEY, JSON.stringify(receipt));
    removeDrafts(parts);
  } catch (error) {
    const cause = error instanceof Error ? error.message : 'unknown';
    return {
      done: false,
      cause: `the collector has deleted everything, but the ID could not be dropped here: ${cause}`,
    };
  }
  return { done: true, receipt: answer.data };
}

/** A process that was killed while it stored the ID may have left a draft with it. */
function removeDrafts({ job, files }: TaskParts): void {
  const folder = job.folders?.config;
  if (folder === undefined) return;
  for (const name of files.list(folder)) {
    const isDraft = name.startsWith(`${ID_KEY}.`) && name.endsWith('.tmp');
    if (isDraft) files.remove(`${folder}/${name}`);
  }
}

async function earlierReceipt({ storage }: TaskParts): Promise<{ readonly earlier?: unknown }> {
  try {
    const text = await storage.get(RECEIPT_KEY);
    return typeof text === 'string' ? { earlier: JSON.parse(text) as unknown } : {};
  } catch {
    return {}; // nothing was kept, or it cannot be read
  }
}
