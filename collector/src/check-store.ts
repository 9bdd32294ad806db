import { ConfigError, type StoreConfig } from './config.js';
import { nameOption, OPTIONS } from './config-options.js';

/**
 * Checks options that are for counts in a store which collectors share.
 *
 * @throws {@link ConfigError}
 */
export function checkStore({
  store,
  readStore,
  keepCountedMs,
  cache,
  durability,
  drainSeconds,
}: StoreConfig): void {
  checkTarget(store, nameOption(OPTIONS.store), 'Name the primary');
  checkTarget(readStore, nameOption(OPTIONS.readStore), 'Name the replica alone, without it');
  if (store !== undefined) return;
  const named = nameOption(OPTIONS.store);
  if (readStore !== undefined) {
    throw new ConfigError(
      `${nameOption(OPTIONS.readStore)} is a replica of ${named}, which is not set: set both, or only the latter.`,
    );
  }
  if (keepCountedMs !== undefined) {
    throw new ConfigError(
      `${nameOption(OPTIONS.keepCountedMs)} is for counts in PostgreSQL: set ${named} too, or leave it out.`,
    );
  }
  if (cache !== undefined) {
    throw new ConfigError(
      `${nameOption(OPTIONS.cache)} is for answers of several collectors on one PostgreSQL: set ${named} too, or leave it out.`,
    );
  }
  if (durability === 'store') {
    throw new ConfigError(
      `${nameOption(OPTIONS.durability)} is "store", and there is none: set ${named} too, or leave it out.`,
    );
  }
  if (drainSeconds !== OPTIONS.drainSeconds.fallback) {
    throw new ConfigError(
      `${nameOption(OPTIONS.drainSeconds)} is for counts in a store: set ${named} too, or leave it out.`,
    );
  }
}

/** A target that is not looked for would be any server. */
function checkTarget(address: string | undefined, option: string, remedy: string): void {
  const target = /[?&]target_session_attrs=([^&]*)/.exec(address ?? '')?.[1] ?? 'any';
  if (['any', 'read-write', 'primary'].includes(target)) return;
  throw new ConfigError(
    `target_session_attrs=${target} in ${option} is none of any, read-write and primary. ${remedy}.`,
  );
}
