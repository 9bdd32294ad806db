import type { NamedProxy } from '../../delivery/answers.js';
import type { Env } from '../../platform/platform.js';
import { isLoopback } from '../../project/parse-endpoint.js';
import { type Network, targetOf } from './network.js';

/** The proxy for an address, and the variable that names it. */
export interface ChosenProxy {
  readonly variable: string;
  /** Absent if no connection can be made through what the variable names. */
  readonly proxy?: URL;
  /** What the variable names, without user and password; absent if it is not a URL. */
  readonly address?: string;
}

type Addresses = Pick<Network, 'ipFamily' | 'isInSubnet'>;

const SUPPORTED = /^(https?|socks(5h?)?):$/;

/**
 * The proxy that the environment names for an address. `HTTPS_PROXY`, `ALL_PROXY` and `HTTP_PROXY`
 * count for https, the last two for http; lower case comes first. None is used for the hosts in
 * `NO_PROXY`, and for a collector on the same machine.
 */
export function chooseProxy(env: Env, url: URL, addresses: Addresses): ChosenProxy | undefined {
  if (isLoopback(url)) return undefined;
  const isTls = url.protocol === 'https:';
  const names = isTls ? ['https_proxy', 'all_proxy', 'http_proxy'] : ['http_proxy', 'all_proxy'];
  const variable = names.map((name) => named(env, name)).find((name) => name !== undefined);
  if (variable === undefined) return undefined;
  if (isExcepted(url, env['no_proxy'] ?? env['NO_PROXY'] ?? '', addresses)) return undefined;
  const proxy = parse(env[variable] ?? '');
  if (proxy?.hostname === undefined || proxy.hostname === '') return { variable };
  const address = `${proxy.protocol}//${proxy.host}`;
  return SUPPORTED.test(proxy.protocol) ? { variable, address, proxy } : { variable, address };
}

/** {@link chooseProxy} as the user is told it. */
export function proxyOf(env: Env, url: URL, addresses: Addresses): NamedProxy | undefined {
  const chosen = chooseProxy(env, url, addresses);
  if (!chosen) return undefined;
  const { variable, address, proxy } = chosen;
  return {
    variable,
    ...(address !== undefined && { address }),
    ...(!proxy && { isUnsupported: true as const }),
  };
}

/** User and password for a proxy, if its address has them. */
export function credentialsOf({ username, password }: URL) {
  if (username === '') return undefined;
  return { username: decoded(username), password: decoded(password) };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // a password with a bare percent sign
  }
}

/** The variable that counts, in either case. An empty lower-case one hides the other. */
function named(env: Env, lower: string): string | undefined {
  const name = env[lower] === undefined ? lower.toUpperCase() : lower;
  return env[name] ? name : undefined;
}

/** Without a scheme it is the address of an HTTP proxy, as for curl. */
function parse(text: string): URL | undefined {
  const trimmed = text.trim();
  const whole = /^[a-z][a-z\d+.-]*:\/\//i.test(trimmed) ? trimmed : `http://${trimmed}`;
  return URL.canParse(whole) ? new URL(whole) : undefined;
}

/**
 * Whether `NO_PROXY` names a host: by its name or address, by a domain with or without `.` or `*.`
 * before it, by a subnet, or by `*` alone; each but the last may have a port.
 */
function isExcepted(url: URL, exceptions: string, addresses: Addresses): boolean {
  if (exceptions.trim() === '*') return true;
  const { hostname, port } = targetOf(url);
  const host = hostname.toLowerCase().replace(/\.$/, '');
  const isAddress = addresses.ipFamily(host) !== 0;
  return exceptions
    .split(/[,\s]+/)
    .filter((entry) => entry !== '')
    .some((entry) => {
      const [subnet = '', bits] = entry.split('/');
      if (bits !== undefined) {
        return isAddress && addresses.isInSubnet(host, unbracketed(subnet), Number(bits));
      }
      if (addresses.ipFamily(unbracketed(entry)) !== 0) return unbracketed(entry) === host;
      const [, before, exceptedPort] = /^(.+):(\d+)$/.exec(entry) ?? [];
      const excepted = unbracketed(before ?? entry).replace(/^\*?\./, '');
      const isPort = exceptedPort === undefined || Number(exceptedPort) === port;
      return isPort && (host === excepted || (!isAddress && host.endsWith(`.${excepted}`)));
    });
}

const unbracketed = (text: string): string => text.toLowerCase().replace(/^\[(.*)\]$/, '$1');
