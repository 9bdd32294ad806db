import { OPTIONS } from '../config-options.js';
import { errorMessage } from '../error-message.js';
import { resolveOptions } from '../load-config.js';
import { loadRedis } from '../shared-answers/load-redis.js';
import { loadPostgres } from '../store/load-postgres.js';
import type { ExamineOptions } from '../store/postgres/examine-server.js';
import type { Diagnosis } from './diagnosis.js';
import { describeGap } from './examine-folder.js';

/** How far behind a replica may be, in milliseconds. */
const FEW_SECONDS_MS = 10_000;

type Parts = Pick<ExamineOptions, 'timelines' | 'now'>;

/**
 * Examines the store that several collectors share, its replica and their cache, as far as they are
 * named in the environment. It changes nothing.
 *
 * @throws `ConfigError` for an address that cannot be used.
 */
export async function examineStore(
  env: NodeJS.ProcessEnv,
  { tell, ...parts }: Parts & { readonly tell: (line: string) => void },
): Promise<Diagnosis[]> {
  const { store, readStore, cache } = resolveOptions(
    { store: OPTIONS.store, readStore: OPTIONS.readStore, cache: OPTIONS.cache },
    {},
    env,
  );
  const found: Diagnosis[] = [];
  if (store === undefined) return found;
  tell('Asking the store …');
  found.push(...(await examinePrimary(store, parts)));
  if (readStore !== undefined) {
    tell('Asking the replica …');
    found.push(await examineReplica(readStore, parts));
  }
  if (cache !== undefined) {
    tell('Asking the cache …');
    found.push(await examineCache(cache));
  }
  return found;
}

async function examinePrimary(address: string, parts: Parts): Promise<Diagnosis[]> {
  try {
    const { examineServer } = await loadPostgres();
    const facts = await examineServer(address, { ...parts, isReplica: false });
    const server = `${facts.place}: PostgreSQL ${facts.version} answers within ${facts.answerMs} ms.`;
    const found: Diagnosis[] = [{ what: 'store', state: 'ok', text: server }];
    if (!facts.isMade) {
      const text = facts.mayMake
        ? 'It has no tables of a collector yet. The first start makes them.'
        : 'It has no tables of a collector, and this user may not make them: make it the owner of the schema.';
      found.push({ what: 'tables', state: facts.mayMake ? 'ok' : 'fail', text });
    }
    if (!facts.isSynced) {
      const text =
        'It confirms what is not on its disk: set fsync = on, or lose counts with power.';
      found.push({ what: 'durability', state: 'warn', text });
    }
    return [...found, describeGap('store', -facts.clockLeadMs, 'The clock of the store')];
  } catch (error) {
    return [{ what: 'store', state: 'fail', text: errorMessage(error) }];
  }
}

/** Without a replica, questions go to the primary. */
async function examineReplica(address: string, parts: Parts): Promise<Diagnosis> {
  try {
    const { examineServer } = await loadPostgres();
    const { place, isStandby, behindMs, answerMs } = await examineServer(address, {
      ...parts,
      isReplica: true,
    });
    const server = `${place} answers within ${answerMs} ms`;
    if (!isStandby) {
      const text = `${server}, and is no standby: questions cost the primary. Name one in --read-store.`;
      return { what: 'replica', state: 'warn', text };
    }
    const isNear = behindMs <= FEW_SECONDS_MS;
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
    const askedMs = performance.now();
    await link.get('headcount:doctor', 1).finally(() => link.close());
    const tookMs = performance.now() - askedMs;
    return { what: 'cache', state: 'ok', text: `It answers within ${tookMs.toFixed(1)} ms.` };
  } catch (error) {
    const text = `It cannot be asked: ${errorMessage(error)}. Look whether the Redis of HEADCOUNT_CACHE runs, and correct its address.`;
    return { what: 'cache', state: 'warn', text };
  }
}
