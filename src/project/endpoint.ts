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

/** What the collector's own address gets where it has no path. */
export const REPORTS_PATH = '/v1/reports';

/** Reads an endpoint that is plain, as most are; `undefined` for any other. */
export const plainEndpoint = (text: string, implicit: boolean): Endpoint | undefined =>
  isPlain(text) ? { url: text + REPORTS_PATH, form: 'batch', implicit } : undefined;

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
