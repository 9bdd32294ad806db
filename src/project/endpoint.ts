import { ownOnly } from '../own-only.js';

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
  /** No endpoint is configured: a collector on this machine wrote its address to this file. */
  readonly foundIn?: string;
}

/** The queue of reports that were recorded without a named endpoint. */
export const THIS_MACHINE_QUEUE = 'this-machine';

/** Whether no endpoint is named: reports go to a collector on this machine, whatever its port. */
export const isThisMachines = ({ implicit, foundIn }: Endpoint): boolean =>
  implicit || foundIn !== undefined;

/** Why an endpoint cannot be used. */
export type EndpointFault = 'not-a-url' | 'not-http' | 'credentials' | 'insecure';

/**
 * The endpoint if none is configured: a collector on this machine, as in the OpenTelemetry
 * exporters (https://opentelemetry.io/docs/specs/otel/protocol/exporter/).
 */
export const DEFAULT_ENDPOINT = 'http://127.0.0.1:8081';

/** The path that is added to an address without a path. */
export const REPORTS_PATH = '/v1/reports';

/** Reads a plain endpoint, as most are; `undefined` for any other. */
export const plainEndpoint = (text: string, implicit: boolean): Endpoint | undefined =>
  isPlain(text)
    ? ownOnly<Endpoint>({ url: text + REPORTS_PATH, form: 'batch', implicit })
    : undefined;

/**
 * The name of the folder for an endpoint's reports. Windows allows no colon in it, and no folder
 * named `con`.
 *
 * @param otherQueue - names the queue of an address that is not plain
 */
export function queueOf(endpoint: Endpoint, otherQueue: (url: string) => string): string {
  if (isThisMachines(endpoint)) return THIS_MACHINE_QUEUE;
  const { url } = endpoint;
  const address = url.slice(0, -REPORTS_PATH.length);
  return isPlain(address) && url.endsWith(REPORTS_PATH)
    ? `to-${address.slice(address.indexOf('/') + 2).replace(':', '_')}`
    : otherQueue(url);
}

const HTTPS = 'https://';
const THIS_MACHINE = 'http://127.0.0.1:';

/**
 * Whether an address is `https://` and a host name of plain labels, or a port of this machine, as
 * most are. Such an address is already normalized, and a first `URL` takes longer than the report.
 */
function isPlain(text: string): boolean {
  if (isPortHere(text)) return true;
  if (!text.startsWith(HTTPS) || text.includes('xn--')) return false;
  let isLabelStart = true;
  for (let at = HTTPS.length; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    const isLetter = code >= 0x61 && code <= 0x7a;
    const isDot = code === 0x2e;
    // A label that starts with a digit could make the whole name an IP address.
    if (isLabelStart ? !isLetter : !isLetter && !isDot && !isDigit(code) && code !== 0x2d) {
      return false;
    }
    isLabelStart = isDot;
  }
  return !isLabelStart;
}

/** Whether an address is a port of this machine and nothing more, as that of a test's collector is. */
export const isPortHere = (text: string): boolean =>
  text.startsWith(THIS_MACHINE) && isPlainPort(text.slice(THIS_MACHINE.length));

const isDigit = (code: number): boolean => code >= 0x30 && code <= 0x39;

/** A port that a URL keeps as it is: it leaves out 80, and refuses more than 65535. */
function isPlainPort(port: string): boolean {
  if (port === '' || port.length > 5 || port.startsWith('0') || port === '80') return false;
  for (let at = 0; at < port.length; at += 1) if (!isDigit(port.charCodeAt(at))) return false;
  return Number(port) <= 65_535;
}
