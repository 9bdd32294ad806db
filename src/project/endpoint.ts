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
  if (isPlain(text)) {
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

const HTTPS = 'https://';
const THIS_MACHINE = 'http://127.0.0.1:';

/**
 * Whether an address is `https://` and a name of plain labels, or a port of this machine, as most
 * are: a URL would not change a character of it. To make one costs a program more than to write its
 * report.
 */
function isPlain(text: string): boolean {
  if (text.startsWith(THIS_MACHINE)) return isPlainPort(text.slice(THIS_MACHINE.length));
  if (!text.startsWith(HTTPS) || text.includes('xn--')) return false;
  let isLabelStart = true;
  for (let at = HTTPS.length; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    const isLetter = code >= 0x61 && code <= 0x7a;
    const isDot = code === 0x2e;
    // A label with a digit in front may be read as a number, and the name as an address.
    if (isLabelStart ? !isLetter : !isLetter && !isDot && !isDigit(code) && code !== 0x2d) {
      return false;
    }
    isLabelStart = isDot;
  }
  return !isLabelStart;
}

const isDigit = (code: number): boolean => code >= 0x30 && code <= 0x39;

/** Four or five digits that a URL keeps: 80 it leaves out, and 65536 it refuses. */
function isPlainPort(port: string): boolean {
  if (port.length < 4 || port.length > 5 || port.startsWith('0')) return false;
  for (let at = 0; at < port.length; at += 1) if (!isDigit(port.charCodeAt(at))) return false;
  return Number(port) <= 65_535;
}

/** Whether an address is on this machine: nobody can listen in, and no proxy leads there. */
export function isLoopback(url: URL): boolean {
  return LOOPBACK.test(url.hostname);
}
