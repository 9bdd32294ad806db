import { setTimeout as wait } from 'node:timers/promises';
import { clientConfigs } from './client-configs.js';
import { noteTimeline } from './known-timelines.js';
import { readRole, type Timeline } from './server-role.js';
import { WatchableClient } from './server-watch.js';
import type { StoreAddress } from './store-address.js';

/** How long the hosts may take: what connects afterwards waits for them. In milliseconds. */
const ALL_MS = 1000;

/** How long the others may take once one has answered, in milliseconds. */
const OTHERS_MS = 250;

/**
 * Asks all hosts of an address for their timelines, and keeps the last one: an old primary that comes
 * back is refused then, also by a collector that was not there when its place was taken.
 */
export async function learnTimelines(store: StoreAddress): Promise<void> {
  if (store.urls.length < 2 || store.timelines === undefined) return;
  const ended = new AbortController();
  const found: Timeline[] = [];
  let hasAnswer = (): void => undefined;
  const answered = new Promise<void>((resolve) => (hasAnswer = resolve));
  const asking = clientConfigs(store).map(async (config) => {
    const client = new WatchableClient(config);
    ended.signal.addEventListener('abort', () => client.cut());
    try {
      await client.connect();
      const { timeline } = await readRole(client);
      if (timeline === undefined) return;
      found.push(timeline);
      hasAnswer();
    } finally {
      await client.end().catch(() => undefined); // it is used no further
    }
  });
  // Whoever connects tells what is wrong with a host.
  const all = Promise.allSettled(asking);
  await Promise.race([all, answered, wait(ALL_MS)]);
  await Promise.race([all, wait(OTHERS_MS)]);
  ended.abort();
  for (const timeline of found) await noteTimeline(store.timelines, timeline);
}
