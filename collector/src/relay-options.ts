import type { Config } from './config.js';
import { OPTIONS } from './config-options.js';
import type { Option } from './option.js';
import { wholeNumber } from './option-values.js';

/** The options of `headcount-collector serve` that a relay has too. */
export const SHARED_OPTIONS = [
  ...(['port', 'host', 'basePath', 'logLevel', 'accessLog', 'logBytesLimit'] as const),
  ...(['timezone', 'trustedProxies', 'hosts', 'keepAliveMs', 'corsOrigins'] as const),
  ...(['rateLimit', 'keyRateLimit', 'bytesLimit', 'projectRateLimit'] as const),
  ...(['projectBytesLimit', 'tlsCert', 'tlsKey'] as const),
  ...(['metrics', 'metricsHost', 'metricsPort', 'metricsNetworks'] as const),
] as const;

/** The options of `headcount-collector relay`. */
export interface RelayConfig extends Pick<Config, (typeof SHARED_OPTIONS)[number] | 'data'> {
  /** The URL of the collector, without a slash or `/v1/reports` at its end. */
  readonly to: string;
  /**
   * Whether reports may go to another machine without TLS.
   *
   * @default false
   */
  readonly allowHttp: boolean;
  /**
   * The largest size of the journal, in bytes; beyond it reports are refused with 507.
   *
   * @default 1073741824
   */
  readonly journalBytesLimit: number;
}

const LEAST_JOURNAL_BYTES = 1024 ** 2;

type OwnOptions = Pick<RelayConfig, 'allowHttp' | 'journalBytesLimit'> & {
  readonly to: string | undefined;
};

/** The options that only a relay has. */
export const OWN_RELAY_OPTIONS: {
  readonly [Name in keyof OwnOptions]: Option<OwnOptions[Name]>;
} = {
  to: {
    flag: 'to',
    variable: 'HEADCOUNT_RELAY_TO',
    fallback: undefined,
    expected: 'the http or https URL of a collector or of another relay, without user and query',
    parse: parseTo,
  },
  allowHttp: {
    flag: 'allow-http',
    toggle: { means: '1', help: 'pass reports on to another machine without TLS' },
    variable: 'HEADCOUNT_RELAY_ALLOW_HTTP',
    fallback: false,
    expected: '0 or 1',
    parse: (text) => ({ '0': false, '1': true })[text],
  },
  journalBytesLimit: {
    flag: 'journal-bytes-limit',
    variable: 'HEADCOUNT_RELAY_JOURNAL_BYTES_LIMIT',
    fallback: 1024 ** 3,
    expected: `bytes of reports that wait, a whole number from ${LEAST_JOURNAL_BYTES} on`,
    parse: wholeNumber(LEAST_JOURNAL_BYTES, Number.MAX_SAFE_INTEGER),
  },
};

/** Where a relay keeps its data, if nobody says where. */
export const RELAY_DATA: Option<string> = { ...OPTIONS.data, fallback: './headcount-relay' };

type SharedOptions = Pick<typeof OPTIONS, (typeof SHARED_OPTIONS)[number]>;

/** All options of a relay. */
export const RELAY_OPTIONS = {
  ...OWN_RELAY_OPTIONS,
  data: RELAY_DATA,
  ...(Object.fromEntries(SHARED_OPTIONS.map((name) => [name, OPTIONS[name]])) as SharedOptions), // by their names
};

function parseTo(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  const { protocol, username, password, search, hash } = url;
  const isPlain = [username, password, search, hash].every((part) => part === '');
  if (!/^https?:$/.test(protocol) || !isPlain) return undefined;
  return `${url.origin}${url.pathname}`.replace(/\/+$/, '').replace(/\/v1\/reports$/, '');
}
