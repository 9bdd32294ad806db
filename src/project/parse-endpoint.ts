import { ownOnly } from '../own-only.js';
import { type Endpoint, type EndpointFault, REPORTS_PATH } from './endpoint.js';

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/**
 * Reads an endpoint. If it has no path, `/v1/reports` is added. Another path or a query stays
 * unchanged and gets one report in each request, for first-generation collectors.
 */
export function parseEndpoint(
  text: string,
  how: { readonly allowInsecure?: boolean; readonly implicit?: boolean } = {},
): Endpoint | EndpointFault {
  const { allowInsecure = false, implicit = false } = ownOnly(how);
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined) return 'not-a-url';
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return 'not-http';
  if (url.username + url.password !== '') return 'credentials';
  if (url.protocol === 'http:' && !allowInsecure && !isLoopback(url)) return 'insecure';
  url.hash = '';
  if (url.pathname === '/' && url.search === '') url.pathname = REPORTS_PATH;
  return ownOnly<Endpoint>({
    url: url.href,
    form: url.pathname.endsWith(REPORTS_PATH) ? 'batch' : 'single',
    implicit,
  });
}

/** Whether an address is on this machine: its traffic stays private, and no proxy leads there. */
export const isLoopback = (url: URL): boolean => LOOPBACK.test(url.hostname);
