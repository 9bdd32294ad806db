import type { OutboxStorage } from './storage.js';

/** Gives up all that waits and nobody is sending. Never rejects: a storage that fails keeps it. */
export async function discardOutbox(outbox: OutboxStorage): Promise<void> {
  try {
    outbox.seal();
    for (const name of await outbox.list()) {
      if ((await outbox.claim(name)) !== undefined) await outbox.remove(name);
    }
  } catch {
    return; // whoever reads it next asks for consent first
  }
}
