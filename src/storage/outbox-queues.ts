import type { Files } from '../platform/platform.js';
import { THIS_MACHINE_QUEUE } from '../project/endpoint.js';
import { fileOutbox, type FileOutboxPlatform } from './file-outbox.js';
import type { OutboxStorage } from './storage.js';

/** The queues in the folder of an outbox: one for each endpoint. */
export interface OutboxQueues {
  /** The queue of this name. Each call returns the same object. */
  open(name: string): Required<OutboxStorage>;
  /** All queues that there are. */
  all(): readonly Required<OutboxStorage>[];
}

/** The names of the queues in the folder of an outbox. */
export const queueNames = (files: Pick<Files, 'list'>, outboxFolder: string): string[] =>
  files
    .list(outboxFolder)
    .filter((name) => name === THIS_MACHINE_QUEUE || /^to-[a-z0-9._-]+$/.test(name));

/**
 * Opens the folder of an outbox.
 *
 * @param dyingPid - a process that is ending: its segments may be claimed
 */
export function outboxQueues(
  folder: string,
  platform: FileOutboxPlatform,
  dyingPid?: number,
): OutboxQueues {
  const opened = new Map<string, Required<OutboxStorage>>();
  function open(name: string): Required<OutboxStorage> {
    const outbox = opened.get(name) ?? fileOutbox(`${folder}/${name}`, platform, dyingPid);
    opened.set(name, outbox);
    return outbox;
  }
  return { open, all: () => queueNames(platform.files, folder).map(open) };
}
