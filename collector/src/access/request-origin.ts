import type { FastifyRequest } from 'fastify';

/** Methods that change nothing. */
const READING: readonly string[] = ['GET', 'HEAD', 'OPTIONS'];

/** Whether a request changes nothing, by its method. */
export const isReading = ({ method }: FastifyRequest): boolean => READING.includes(method);

/**
 * Whether a request that changes something comes from a page of this collector. Browsers say so in
 * `Sec-Fetch-Site`, which no page can set; without TLS they say it in `Origin` alone. A request that
 * says nothing is refused.
 */
export function isFromOwnPage(request: FastifyRequest): boolean {
  const { origin, referer, 'sec-fetch-site': site } = request.headers;
  if (site !== undefined) return isOwnSite(site);
  if (origin !== undefined) return isOwnOrigin(request, origin);
  return referer !== undefined && isOwnOrigin(request, referer);
}

/**
 * Whether a request that reads comes from a page of this collector, from a person, or from no page at
 * all. What a browser opens in a window of its own no other page can read.
 */
export function isReadByOwnPage(request: FastifyRequest): boolean {
  const { origin, 'sec-fetch-site': site, ...headers } = request.headers;
  if (site === undefined) return origin === undefined || isOwnOrigin(request, origin);
  const isWindow =
    headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document';
  return isOwnSite(site) || isWindow;
}

/** `none`: a person has typed the address, or opened a bookmark. */
const isOwnSite = (site: string | string[]): boolean => site === 'same-origin' || site === 'none';

/** Whether a URL has the origin that the request was sent to, as its browser knows it. */
function isOwnOrigin({ protocol, host }: FastifyRequest, url: string): boolean {
  const own = `${protocol}://${host}`;
  if (!URL.canParse(url) || !URL.canParse(own)) return false;
  const { origin } = new URL(url);
  return origin !== 'null' && origin === new URL(own).origin;
}
