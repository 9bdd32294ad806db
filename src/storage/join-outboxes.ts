import type { OutboxStorage } from './storage.js';

/**
 * Several outboxes as one, for a sender that asks the host for its queue: an app's outbox, and the
 * memory that replaces it when it fails. A failing outbox does not affect the others.
 */
export function joinOutboxes(outboxes: readonly OutboxStorage[]): OutboxStorage {
  const separator = ':';
  const find = (name: string): { outbox: OutboxStorage; inner: string } => {
    const [index = ''] = name.split(separator, 1);
    const outbox = outboxes[Number(index)];
    if (!outbox) throw new Error(`no outbox has a segment "${name}"`);
    return { outbox, inner: name.slice(index.length + separator.length) };
  };
  const forward =
    <T>(call: (outbox: OutboxStorage, inner: string) => T) =>
    (name: string): T => {
      const { outbox, inner } = find(name);
      return call(outbox, inner);
    };
  return {
    append: () => {
      throw new Error('joined outboxes cannot be appended to');
    },
    seal: () => undefined,
    async list() {
      const lists = await Promise.allSettled(outboxes.map(async (outbox) => outbox.list()));
      return lists.flatMap((list, index) =>
        list.status === 'fulfilled' && Array.isArray(list.value)
          ? list.value.map((name) => `${index}${separator}${String(name)}`)
          : [],
      );
    },
    claim: forward((outbox, inner) => outbox.claim(inner)),
    rewrite: (name, text) => forward((outbox, inner) => outbox.rewrite(inner, text))(name),
    remove: forward((outbox, inner) => outbox.remove(inner)),
    release: forward((outbox, inner) => outbox.release(inner)),
    async lostTotal() {
      const totals = await Promise.allSettled(outboxes.map(async (outbox) => outbox.lostTotal?.()));
      return totals.reduce(
        (sum, total) => sum + (total.status === 'fulfilled' ? Number(total.value) || 0 : 0),
        0,
      );
    },
  };
}
