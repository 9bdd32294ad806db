import { OPTIONS } from '../config-options.js';
import { errorMessage } from '../error-message.js';
import { resolveOptions } from '../load-config.js';
import { loadRedis } from '../shared-answers/load-redis.js';
import { loadPostgres } from '../store/load-postgres.js';
import type { Diagnosis } from './diagnosis.js';
import { describeGap } from './examine-folder.js';

/** A replica that is further behind is not asked: questions go to the primary. */
const FEW_SECONDS_MS = 10_000;

/**
 * Examines the store that several collectors share, its replica and their cache, as far as they are
 * named in the environment. It changes nothing.
 *
 * @param tell - Called with what is waited for.
 * @throws `ConfigError` for an address that cannot be used.
 */
export async function examineStore(
  env: NodeJS.ProcessEnv,
  tell: (line: string) => void,
): Promise<Diagnosis[]> {
  const { store, readStore, cache } = resolveOptions(
    { store: OPTIONS.store, readStore: OPTIONS.readStore, cache: OPTIONS.cache },
    {},
    env,
  );
  const found: Diagnosis[] = [];
  if (store === undefined) return found;
  tell('Asking the store …');
  found.push(...(await examinePrimary(store)));
  if (readStore !== undefined) {
    tell('Asking the replica …');
    found.push(await examineReplica(readStore));
  }
  if (cache !== undefined) {
    tell('Asking the cache …');
    found.push(await examineCache(cache));
  }
  return found;
}

async function examinePrimary(address: string): Promise<Diagnosis[]> {
  try {
    const { examineServer } = await loadPostgres();
    const facts = await examineServer(address, false);
    const server = `${facts.place}: PostgreSQL ${facts.version} answers within ${facts.answerMs} ms.`;
    const found: Diagnosis[] = [{ what: 'store', state: 'ok', text: server }];
    if (facts.encoding !== 'UTF8') {
      const text = `It keeps texts in ${facts.encoding}, which lacks most of them. Make a database by createdb --encoding UTF8 --template template0.`;
      found.push({ what: 'encoding', state: 'fail', text });
    }
    if (!facts.isMade) {
      const text = facts.mayMake
        ? 'It has no tables of a collector yet. The first start makes them.'
        : 'It has no tables of a collector, and this user may not make them: make it the owner of the schema.';
      found.push({ what: 'tables', state: facts.mayMake ? 'ok' : 'fail', text });
    }
    if (!facts.isDurable) {
      const text =
        'It confirms what is not on its disk: set fsync = on, or lose counts with power.';
      found.push({ what: 'durability', state: 'warn', text });
    }
    return [...found, describeGap('store', facts.clockGapMs, 'The clock of the store')];
  } catch (error) {
    return [{ what: 'store', state: 'fail', text: errorMessage(error) }];
  }
}

/** Without a replica, questions go to the primary. */
async function examineReplica(address: string): Promise<Diagnosis> {
  try {
    const { examineServer } = await loadPostgres();
    const { place, isStandby, behindMs, answerMs } = await examineServer(address, true);
    const isNear = behindMs <= FEW_SECONDS_MS;
    const server = `${place} answers within ${answerMs} ms`;
    if (!isStandby) {
      const text = `${server}, and is no standby: questions cost the primary. Name one in --read-store.`;
      return { what: 'replica', state: 'warn', text };
    }
    const seconds = Math.round(behindMs / 1000);
    const text = isNear
      ? `${server}, and follows.`
      : `${server}, and is ${seconds} s behind: questions go to the primary. See what keeps it from following.`;
    return { what: 'replica', state: isNear ? 'ok' : 'warn', text };
  } catch (error) {
    return { what: 'replica', state: 'warn', text: errorMessage(error) };
  }
}

/** Without a cache, each collector asks the store itself. */
async function examineCache(address: string): Promise<Diagnosis> {
  try {
    const open = await loadRedis(address);
    const link = await open(() => undefined);
    const startedAt = performance.now();
    await link.get('headcount:doctor', 1);
    const tookMs = performance.now() - startedAt;
    link.close();
    return { what: 'cache', state: 'ok', text: `It answers within ${tookMs.toFixed(1)} ms.` };
  } catch (error) {
    const text = `It cannot be asked: ${errorMessage(error)}. Look whether the Redis of HEADCOUNT_CACHE runs, and correct its address.`;
    return { what: 'cache', state: 'warn', text };
  }
}
