import type { Exported } from './answers.js';
import { askCollector } from './ask-collector.js';
import { ID_UNREADABLE } from './id-unreadable.js';
import type { TaskParts } from './task-parts.js';

/** What the collector holds of this user. */
export async function exportUser(parts: TaskParts): Promise<Exported> {
  const identity = await parts.findIdentity();
  if (!identity) return { done: false, cause: NO_ID };
  if (identity === 'unreadable') return { done: false, cause: ID_UNREADABLE };
  const answer = await askCollector('GET', identity.anonymous_id, parts);
  if (!answer.done) return answer;
  return { done: true, anonymousId: identity.anonymous_id, data: answer.data };
}

const NO_ID = 'there is no ID here: nothing was reported, or it was deleted since';
