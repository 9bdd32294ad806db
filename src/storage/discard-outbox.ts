import type { OutboxStorage } from './storage.js';

/** Deletes all segments that no sender has claimed. Never rejects, even if the storage fails. */
export async function discardOutbox(outbox: OutboxStorage): Promise<void> {
  try {
    outbox.seal();
    for (const name of await outbox.list()) {
      if ((await outbox.claim(name)) !== undefined) await outbox.remove(name);
    }
  } catch {
    return; // the segments stay, but senders ask for consent before they send
  }
}
