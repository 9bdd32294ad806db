import { MissingClientError } from '../store/load-postgres.js';
import type { OpenLink } from './cache-link.js';

/**
 * Loads what speaks to Redis: nothing of it is needed without a cache between collectors.
 *
 * @throws {@link MissingClientError}
 */
export async function loadRedis(address: string): Promise<OpenLink> {
  try {
    const { openRedisLink } = await import('./redis-link.js');
    return (onEnd) => openRedisLink(address, onEnd);
  } catch (cause) {
    if (!isMissing(cause)) throw cause;
    throw new MissingClientError(
      'A cache in Redis needs its client: npm install @redis/client@6, beside headcount-collector.',
      { cause },
    );
  }
}

const isMissing = (error: unknown): boolean =>
  error instanceof Error &&
  'code' in error &&
  error.code === 'ERR_MODULE_NOT_FOUND' &&
  error.message.includes("'@redis/client'");
