import { loadWithClient } from '../store/load-with-client.js';
import type { OpenLink } from './cache-link.js';

/** Loads what speaks to Redis: nothing of it is needed without a cache between collectors. */
export async function loadRedis(address: string): Promise<OpenLink> {
  const { openRedisLink } = await loadWithClient(
    () => import('./redis-link.js'),
    '@redis/client',
    'A cache in Redis needs its client: npm install @redis/client@6, beside headcount-collector.',
  );
  return (onEnd) => openRedisLink(address, onEnd);
}
