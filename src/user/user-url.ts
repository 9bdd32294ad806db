import type { Endpoint } from '../project/endpoint.js';

const REPORTS_PATH = /\/v1\/reports$/;

/** Where a collector answers for one user: beside the address that takes the reports. */
export function userUrl({ url }: Endpoint, anonymousId: string, project: string): string {
  const found = new URL(url);
  const base = REPORTS_PATH.test(found.pathname) ? found.pathname.replace(REPORTS_PATH, '') : '';
  found.pathname = `${base}/v1/users/${encodeURIComponent(anonymousId)}`;
  found.search = new URLSearchParams({ project }).toString();
  return found.href;
}
