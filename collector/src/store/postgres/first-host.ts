import { isOldPrimary } from '../../store-down-error.js';

/** How long a host may take until the next is tried beside it, in milliseconds. */
const HEAD_START_MS = 250;

/**
 * Connects to the first of several hosts that will do. The next is tried once one fails, or has not
 * answered within its head start: so none that says nothing is waited for.
 *
 * @param hosts - One or more.
 * @param connect - Connects to a host. Its signal aborts once another host is taken.
 * @param leave - Gives back a connection that came too late.
 * @throws What the last host failed with, if none will do; but that one is an old primary, if one is.
 */
export function connectToFirst<Host, Client>(
  hosts: readonly Host[],
  connect: (host: Host, taken: AbortSignal) => Promise<Client>,
  leave: (client: Client) => void,
): Promise<Client> {
  return new Promise((resolve, reject) => {
    const taken = new AbortController();
    const waiting = hosts.entries();
    let failures = 0;
    let told: Error | undefined;
    let timer: NodeJS.Timeout | undefined;

    const tryNext = (): void => {
      clearTimeout(timer);
      const next = waiting.next();
      if (next.done === true) return;
      const [at, host] = next.value;
      timer = setTimeout(tryNext, HEAD_START_MS);
      connect(host, taken.signal).then(
        (client) => {
          if (taken.signal.aborted) return leave(client);
          clearTimeout(timer);
          taken.abort();
          resolve(client);
        },
        (error: Error) => {
          if (taken.signal.aborted) return;
          if (isOldPrimary(error)) told = error;
          else if (at === hosts.length - 1) told ??= error;
          if (++failures < hosts.length) return tryNext();
          clearTimeout(timer);
          reject(told ?? error);
        },
      );
    };
    tryNext();
  });
}
