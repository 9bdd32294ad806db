import type { OpenLink } from './cache-link.js';

/** Loads what speaks to Redis: nothing of it is needed without a cache between collectors. */
export async function loadRedis(address: string): Promise<OpenLink> {
  const { openRedisLink } = await import('./redis-link.js');
  return (onEnd) => openRedisLink(address, onEnd);
}
