import { connect, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';

/** Where a Redis is, and what it is told first. */
export interface RedisAddress {
  /** Begins a connection, which is ready at its event {@link readyEvent}. */
  readonly connect: () => Socket;
  readonly readyEvent: 'connect' | 'secureConnect';
  /** Commands that it is greeted by, each answered by `OK`. */
  readonly greetings: readonly (readonly string[])[];
}

const USUAL_PORT = 6379;

/** Reads an address such as `rediss://user:password@cache.acme.dev:6379/1`. */
export function readRedisAddress(address: string): RedisAddress {
  const url = new URL(address);
  const host = decodeURIComponent(url.hostname).replaceAll(/[[\]]/g, '');
  const place = { host, port: url.port === '' ? USUAL_PORT : Number(url.port) };
  const greetings = greetingsOf(url);
  if (url.protocol === 'redis:') {
    return { connect: () => connect(place), readyEvent: 'connect', greetings };
  }
  // An IP address cannot be a server's name in TLS; the certificate is checked for the host anyway.
  const name = isIP(host) === 0 ? { servername: host } : {};
  return {
    connect: () => connectTls({ ...place, ...name }),
    readyEvent: 'secureConnect',
    greetings,
  };
}

function greetingsOf({ username, password, pathname }: URL): string[][] {
  const account = [username, password].map(decodeURIComponent);
  const database = Number(pathname.slice(1));
  return [
    ...(username + password === '' ? [] : [['AUTH', ...account.slice(username === '' ? 1 : 0)]]),
    ...(database === 0 ? [] : [['SELECT', String(database)]]),
  ];
}
