import type { Endpoint } from '../project/endpoint.js';

const REPORTS_PATH = /\/v1\/reports$/;

/** Where a collector answers for one user: beside the address that takes the reports. */
export function userUrl(endpoint: Endpoint, anonymousId: string, project: string): string {
  const url = beside(endpoint, `/v1/users/${encodeURIComponent(anonymousId)}`);
  url.search = new URLSearchParams({ project }).toString();
  return url.href;
}

/** Where a collector tells how it is. */
export const healthUrl = (endpoint: Endpoint): string => beside(endpoint, '/health').href;

/** A collector may be mounted below a path of its host's. */
function beside({ url }: Endpoint, path: string): URL {
  const found = new URL(url);
  const base = REPORTS_PATH.test(found.pathname) ? found.pathname.replace(REPORTS_PATH, '') : '';
  found.pathname = `${base}${path}`;
  found.search = '';
  return found;
}
