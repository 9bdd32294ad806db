import type { CacheTrouble } from '../shared-answers/patient-cache.js';
import { reasonOf, toldError } from './causes.js';
import { CONDITIONS, type Finding } from './conditions.js';

/** Examines whether the cache helps that collectors share answers by. */
export function examineCache(trouble: CacheTrouble | undefined, now: Date): Finding {
  if (trouble === undefined) return { value: 0 };
  const { since, error } = trouble;
  const value = Math.max(0, Math.round((now.getTime() - since.getTime()) / 1000));
  // One that restarts helps again a moment later.
  if (value <= CONDITIONS.cache.threshold) return { value };
  const text = `The cache has not helped since ${since.toISOString()}`;
  return { value, since, ...reasonOf([toldError('cache_fails', text, error)]) };
}
