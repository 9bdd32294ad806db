import type { EndpointFault } from './endpoint.js';

/** What an endpoint must be, by what is wrong with it. */
export const ENDPOINT_FAULTS: Readonly<Record<EndpointFault, string>> = {
  'not-a-url': 'an absolute URL, such as "https://stats.example.com"',
  'not-http': 'an https: URL (or http: on the loopback)',
  credentials: 'a URL without user and password',
  insecure: 'an https: URL (plain http: is only for the loopback, or with allowInsecure: true)',
};
