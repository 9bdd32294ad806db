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
export const isFromOwnPage = (request: FastifyRequest): boolean => saidOrigin(request) === 'own';

/**
 * Whether a request says that a page of another origin has sent it. One that says nothing is a
 * program's.
 */
export const isFromOtherPage = (request: FastifyRequest): boolean =>
  saidOrigin(request) === 'other';

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

/** Which page a request says it comes from; `undefined` if it does not say. */
function saidOrigin(request: FastifyRequest): 'own' | 'other' | undefined {
  const { origin, referer, 'sec-fetch-site': site } = request.headers;
  if (site !== undefined) return isOwnSite(site) ? 'own' : 'other';
  const url = origin ?? referer;
  if (url === undefined) return undefined;
  return isOwnOrigin(request, url) ? 'own' : 'other';
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
