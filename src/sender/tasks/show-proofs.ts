import type { CollectorFailure, CollectorProof, ProofsResult } from '../../delivery/answers.js';
import { collectorsToAsk } from './collectors-to-ask.js';
import type { TaskParts } from './task.js';
import { noProof, whyNot } from './user-answers.js';

/** What opens the data about this user at each collector. Asks none of them. */
export async function showProofs(parts: TaskParts): Promise<ProofsResult> {
  const found = await collectorsToAsk(parts);
  if (typeof found === 'string') return { ok: false, error: found };
  const { project } = parts.job;
  const collectors = found.map((one): CollectorProof | CollectorFailure => {
    const { endpoint, anonymousId, proof } = one;
    if (proof === undefined) return noProof(one);
    return { ok: true, collector: endpoint.url, project, anonymousId, proof };
  });
  const isDone = collectors.every(({ ok }) => ok);
  return isDone ? { ok: true, collectors } : { ok: false, error: whyNot(collectors), collectors };
}
