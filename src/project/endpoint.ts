/** Where reports go, and how a request to it looks. */
export interface Endpoint {
  /** The address a request is posted to. */
  readonly url: string;
  /** `batch` for `POST /v1/reports`; `single`, one report a request, for any other path. */
  readonly form: 'batch' | 'single';
  /** Nobody named it: it is the default, and most machines run no collector there. */
  readonly implicit: boolean;
  /** It stands in HEADCOUNT_ENDPOINT: what was recorded without that is not for it. */
  readonly fromEnvironment?: true;
  /** Nobody named it: a collector on this machine left its address in this file. */
  readonly foundIn?: string;
}

/** Why an address cannot be used. */
export type EndpointFault = 'not-a-url' | 'not-http' | 'credentials' | 'insecure';

/**
 * Where reports go when nobody says: a collector on the same machine, as the OpenTelemetry
 * exporters do it (https://opentelemetry.io/docs/specs/otel/protocol/exporter/).
 */
export const DEFAULT_ENDPOINT = 'http://127.0.0.1:8081';

const REPORTS_PATH = '/v1/reports';
const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\]|.*\.localhost)$/;

/**
 * Reads an endpoint. One with a path or query of its own is used as it is, one report a request,
 * as collectors of the first generation want it; one without gets `/v1/reports`.
 */
export function parseEndpoint(
  text: string,
  { allowInsecure = false, implicit = false } = {},
): Endpoint | EndpointFault {
  if (isPlainHttps(text) || text === DEFAULT_ENDPOINT) {
    return { url: text + REPORTS_PATH, form: 'batch', implicit };
  }
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined) return 'not-a-url';
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return 'not-http';
  if (url.username + url.password !== '') return 'credentials';
  if (url.protocol === 'http:' && !allowInsecure && !isLoopback(url)) return 'insecure';
  url.hash = '';
  if (url.pathname === '/' && url.search === '') url.pathname = REPORTS_PATH;
  return {
    url: url.href,
    form: url.pathname.endsWith(REPORTS_PATH) ? 'batch' : 'single',
    implicit,
  };
}

/**
 * Whether an address is `https://` and a name of two or more plain labels, as most are: a URL would
 * not change a character of it. To make one of it costs a program more than to write its report.
 */
function isPlainHttps(text: string): boolean {
  if (!text.startsWith('https://') || text.includes('xn--')) return false;
  let dots = 0;
  for (let at = 8; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    const isLetter = code >= 0x61 && code <= 0x7a;
    if (code === 0x2e) {
      // No empty label, and none with a digit in front: a number is read as an address.
      dots += 1;
      const next = text.charCodeAt(at + 1);
      if (at === 8 || !(next >= 0x61 && next <= 0x7a)) return false;
    } else if (!isLetter && code !== 0x2d && !(code >= 0x30 && code <= 0x39)) {
      return false;
    }
  }
  return dots > 0;
}

/** Whether an address is on this machine: nobody can listen in, and no proxy leads there. */
export function isLoopback(url: URL): boolean {
  return LOOPBACK.test(url.hostname);
}
