import type { NamedProxy } from '../../delivery/answers.js';
import type { Env } from '../../platform/platform.js';
import { isLoopback } from '../../project/parse-endpoint.js';

/**
 * The proxy that sending uses for an address, by the rules of undici's `EnvHttpProxyAgent`: lower
 * case first, `HTTP_PROXY` for https too, none for the hosts in `NO_PROXY`. A collector on the
 * same machine is always reached directly.
 */
export function proxyOf(env: Env, url: URL): NamedProxy | undefined {
  if (isLoopback(url)) return undefined;
  const http = named(env, 'http_proxy');
  const https = named(env, 'https_proxy');
  const unusable = [http, https].find((variable) => variable && !addressOf(env[variable]));
  if (unusable) return { variable: unusable };
  const variable = url.protocol === 'https:' ? (https ?? http) : http;
  if (!variable || isExcepted(url, env['no_proxy'] ?? env['NO_PROXY'] ?? '')) return undefined;
  const address = addressOf(env[variable]);
  return { variable, ...(address !== undefined && { address }) };
}

/** The variable that counts, in either case. An empty lower-case one hides the other. */
function named(env: Env, lower: string): string | undefined {
  const name = env[lower] === undefined ? lower.toUpperCase() : lower;
  return env[name] ? name : undefined;
}

function addressOf(text = ''): string | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return url && /^(https?|socks5?):$/.test(url.protocol)
    ? `${url.protocol}//${url.host}`
    : undefined;
}

function isExcepted(url: URL, exceptions: string): boolean {
  if (exceptions === '*') return true;
  const host = url.host.replace(/:\d*$/, '').toLowerCase();
  const port = url.port || (url.protocol === 'https:' ? '443' : '80');
  return exceptions
    .split(/[,\s]/)
    .filter((entry) => entry !== '')
    .some((entry) => {
      const [, before, exceptedPort] = /^(.+):(\d+)$/.exec(entry) ?? [];
      const excepted = (before ?? entry).replace(/^\*?\./, '').toLowerCase();
      const isPort = exceptedPort === undefined || Number(exceptedPort) === Number(port);
      return isPort && (host === excepted || host.endsWith(`.${excepted}`));
    });
}
