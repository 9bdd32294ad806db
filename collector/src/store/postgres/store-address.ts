/** Where a store is. */
export interface StoreAddress {
  /** As `postgres://…`, one for each host. */
  readonly urls: readonly string[];
  /** Whether only a server that takes writes will do. */
  readonly needsPrimary: boolean;
  /** Where a collector keeps the last timelines of primaries; `undefined` if it goes by none. */
  readonly timelines?: string | undefined;
}

/**
 * Reads the address of a store. One that is not the primary, not yet or no longer, has no counts to go
 * by.
 *
 * @param timelines - Where the collector keeps the last timelines of primaries.
 */
export const readPrimaryAddress = (text: string, timelines?: string): StoreAddress => ({
  ...{ ...readStoreAddress(text), timelines },
  needsPrimary: true,
});

/**
 * Reads an address as `libpq` does: `postgres://user@host1:5432,host2:5432/name?…`. Of several hosts
 * the first is taken that answers, and with `target_session_attrs=read-write` that can be written to.
 */
export function readStoreAddress(text: string): StoreAddress {
  const found = /^(postgres(?:ql)?:\/\/(?:[^@/]*@)?)([^/?]*)(.*)$/s.exec(text);
  if (!found) throw new TypeError('The address of a store begins with postgres://.');
  const [, head = '', hosts = '', tail = ''] = found;
  const target = /[?&]target_session_attrs=([^&]*)/.exec(tail)?.[1];
  const rest = tail
    .replace(/([?&])target_session_attrs=[^&]*&?/, '$1')
    .replace(/[?&]$/, '')
    // Whoever wants TLS gets it checked: the client warns of its other modes, and may weaken them.
    .replace(/([?&]sslmode=)(?:prefer|require|verify-ca)(?=&|$)/, '$1verify-full');
  return {
    urls: hosts.split(',').map((host) => `${head}${host}${rest}`),
    needsPrimary: target === 'read-write' || target === 'primary',
  };
}
