import type { IncomingHttpHeaders } from 'node:http';

/** Headers that proxies and content delivery networks add, besides all of `X-Forwarded…`. */
const FORWARDED: ReadonlySet<string> = new Set([
  ...['forwarded', 'via', 'cdn-loop', 'x-original-forwarded-for', 'x-vercel-forwarded-for'],
  ...['x-real-ip', 'x-client-ip', 'client-ip', 'true-client-ip', 'x-cluster-client-ip'],
  ...['cf-connecting-ip', 'cf-connecting-ipv6', 'cf-ray', 'do-connecting-ip'],
  ...['fastly-client-ip', 'fly-client-ip', 'x-azure-clientip', 'x-azure-socketip'],
  ...['x-appengine-user-ip', 'x-envoy-external-address', 'x-nf-client-connection-ip'],
  ...['proxy-client-ip', 'wl-proxy-client-ip', 'x-proxyuser-ip', 'x-original-host'],
]);

/** Whether a proxy has passed a request on, by its headers. */
export function isForwarded(headers: IncomingHttpHeaders): boolean {
  for (const name in headers) {
    if (FORWARDED.has(name) || name.startsWith('x-forwarded')) return true;
  }
  return false;
}
