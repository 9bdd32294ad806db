import type { BoundResult, OutboxStorage } from './storage.js';

/**
 * An app's own outbox, made safe for the host: a method that should be synchronous and answers
 * with a promise all the same cannot reject into the host, and what is no number counts as none.
 * What it throws is for the caller to handle.
 */
export function guardOutbox(outbox: OutboxStorage): OutboxStorage {
  return {
    append: (line) => settle(outbox.append(line)),
    seal: () => settle(outbox.seal()),
    list: () => outbox.list(),
    claim: (name) => outbox.claim(name),
    rewrite: (name, text) => outbox.rewrite(name, text),
    remove: (name) => outbox.remove(name),
    release: (name) => outbox.release(name),
    bound(limits) {
      const answer: unknown = outbox.bound?.(limits);
      settle(answer);
      const { lost, left } = (answer ?? {}) as Partial<Record<keyof BoundResult, unknown>>;
      return { lost: count(lost), left: count(left) };
    },
    lose: (reports) => settle(outbox.lose?.(reports)),
    lostTotal: async () => count(await outbox.lostTotal?.()),
  };
}

/** A promise nobody asked for must not end the host as an unhandled rejection. */
function settle(answer: unknown): void {
  if (isThenable(answer)) answer.then(undefined, () => undefined);
}

function count(answer: unknown): number {
  settle(answer);
  return Number.isInteger(answer) && Number(answer) > 0 ? Number(answer) : 0;
}

const isThenable = (value: unknown): value is PromiseLike<unknown> =>
  typeof value === 'object' &&
  value !== null &&
  'then' in value &&
  typeof value.then === 'function';
