/** Where reports are sent, and in which form. */
export interface Endpoint {
  /** The URL that requests are posted to. */
  readonly url: string;
  /**
   * `batch` for `POST /v1/reports`; `single`, with one report in each request, for other paths.
   */
  readonly form: 'batch' | 'single';
  /**
   * Whether it is the default because none is configured. Most machines have no collector there.
   */
  readonly implicit: boolean;
  /** It comes from HEADCOUNT_ENDPOINT: reports recorded without the variable do not go there. */
  readonly fromEnvironment?: true;
}

/** Why an endpoint cannot be used. */
export type EndpointFault = 'not-a-url' | 'not-http' | 'credentials' | 'insecure';

/**
 * The endpoint if none is configured: a collector on this machine, as in the OpenTelemetry
 * exporters (https://opentelemetry.io/docs/specs/otel/protocol/exporter/).
 */
export const DEFAULT_ENDPOINT = 'http://127.0.0.1:8081';

const REPORTS_PATH = '/v1/reports';
const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\]|.*\.localhost)$/;

/**
 * Reads an endpoint. If it has no path, `/v1/reports` is added. With a path or query it is used
 * unchanged, with one report in each request, for collectors of the first generation.
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
 * Whether an address is `https://` and a host name of two or more plain labels, as most are. Such
 * an address is already normalized, and making a first `URL` costs more than writing the report.
 */
function isPlainHttps(text: string): boolean {
  if (!text.startsWith('https://') || text.includes('xn--')) return false;
  let dots = 0;
  for (let at = 8; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    const isLetter = code >= 0x61 && code <= 0x7a;
    if (code === 0x2e) {
      // No empty label, and none that begins with a digit: a URL reads numbers as an IP address.
      dots += 1;
      const next = text.charCodeAt(at + 1);
      if (at === 8 || !(next >= 0x61 && next <= 0x7a)) return false;
    } else if (!isLetter && code !== 0x2d && !(code >= 0x30 && code <= 0x39)) {
      return false;
    }
  }
  return dots > 0;
}

/** Whether an address is on this machine, where no network and no proxy is involved. */
export function isLoopback(url: URL): boolean {
  return LOOPBACK.test(url.hostname);
}
