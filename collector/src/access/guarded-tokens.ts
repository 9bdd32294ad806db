import { appendFileSync, readFileSync } from 'node:fs';
import { hasCode } from '../has-code.js';
import type { DocumentsChange, SharedStore } from '../store/shared-store.js';
import { SHARED_KINDS } from './shared-kinds.js';
import type { StoredToken, TokenStore } from './token-file.js';

type Tokens = ReadonlyMap<string, StoredToken>;

const NONE: Tokens = new Map();

/**
 * Opens the tokens of a store without those that were revoked: a store that was restored to an older
 * moment has them again.
 *
 * @param path - The file of the node's folder that keeps the hashes of secrets that are void.
 * @param onFailure - Called if it cannot be written, or the store keeps what was revoked.
 */
export async function openGuardedTokens(
  store: Pick<SharedStore, 'open'>,
  path: string,
  onFailure: (error: unknown) => void,
): Promise<TokenStore> {
  const revoked = new Set(readLines(path));
  const isVoid = ({ sha256 }: StoredToken): boolean => revoked.has(sha256);
  let last = NONE;
  /** What was read last, since each request reads it. */
  let shown = { of: NONE, without: 0, tokens: NONE };

  const note = (secrets: readonly string[]): void => {
    if (secrets.length === 0) return;
    for (const secret of secrets) revoked.add(secret);
    try {
      appendFileSync(path, secrets.map((one) => `${one}\n`).join(''), { mode: 0o600, flush: true });
    } catch (error) {
      onFailure(error); // they stay void until this process ends
    }
  };
  const dropVoid = (tokens: Map<string, StoredToken>): void => {
    for (const token of [...tokens.values()].filter(isVoid)) tokens.delete(token.id);
  };
  const look = ({ isNewer }: DocumentsChange): void => {
    const tokens = opened.read() ?? NONE;
    const secrets = new Set([...tokens.values()].map(({ sha256 }) => sha256));
    const gone = [...last.values()].filter(({ sha256 }) => !secrets.has(sha256));
    // What a store lacks that went back was made since, and not revoked.
    if (isNewer) note(gone.map(({ sha256 }) => sha256));
    last = tokens;
    // So that nodes which did not see them revoked refuse them too.
    if ([...tokens.values()].some(isVoid)) opened.change(dropVoid).catch(onFailure);
  };
  const opened = await store.open(SHARED_KINDS.tokens, look);
  look({ isNewer: true });
  return {
    read: () => {
      const tokens = opened.read();
      if (tokens === undefined) return undefined;
      if (shown.of !== tokens || shown.without !== revoked.size) {
        const valid = new Map([...tokens].filter(([, token]) => !isVoid(token)));
        shown = { of: tokens, without: revoked.size, tokens: valid };
      }
      return shown.tokens;
    },
    change: (edit) =>
      opened.change((tokens, isNew) => {
        dropVoid(tokens);
        return edit(tokens, isNew);
      }),
  };
}

function readLines(path: string): readonly string[] {
  try {
    return readFileSync(path, 'utf8').split('\n').filter(Boolean);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return [];
    throw error;
  }
}
