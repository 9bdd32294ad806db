import { SECRET_KEY, ID_KEY } from '../../file-names.js';
import type { KeyValueStorage } from '../../storage/storage.js';

/** 32 bytes. */
const SECRET = /^[0-9a-f]{64}$/;

/** The key of the secret that belongs to the ID under a key: each ID has another secret. */
export const secretKeyOf = (idKey: string): string => SECRET_KEY + idKey.slice(ID_KEY.length);

/**
 * The secret of an ID. Makes and keeps one if there is none, exclusively, so that all processes get
 * the first one. A damaged one is replaced, and so is one that is a link or another user's.
 *
 * @returns `undefined` if none can be kept
 */
export async function keepSecret(
  storage: KeyValueStorage,
  idKey: string,
  newSecret: () => string,
): Promise<string | undefined> {
  const key = secretKeyOf(idKey);
  try {
    const found = await look(storage, key);
    if (isSecret(found)) return found;
    if (found !== undefined) await storage.remove(key);
    await storage.setIfAbsent(key, newSecret());
    return await findSecret(storage, idKey); // only what the next run will find counts as kept
  } catch {
    return undefined; // a read-only home, a full disk, or no descriptor left
  }
}

/** The secret of an ID, if one is kept. Keeps none. */
export async function findSecret(
  storage: KeyValueStorage,
  idKey: string,
): Promise<string | undefined> {
  try {
    const found = await storage.get(secretKeyOf(idKey));
    return isSecret(found) ? found : undefined;
  } catch {
    return undefined; // the proof cannot be made
  }
}

const isSecret = (value: unknown): value is string =>
  typeof value === 'string' && SECRET.test(value);

/** No file of this user's. Other errors pass by themselves, and a secret cannot be made again. */
const FOREIGN = ['EACCES', 'EPERM', 'ELOOP', 'EINVAL'];

/** What is kept under a key; `null` if it can never be read. */
async function look(storage: KeyValueStorage, key: string): Promise<string | null | undefined> {
  try {
    return await storage.get(key);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (FOREIGN.includes(code)) return null;
    throw error;
  }
}
