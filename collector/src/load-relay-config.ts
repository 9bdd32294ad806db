import { ConfigError } from './config.js';
import { nameOption } from './config-options.js';
import { checkTls, parseFlags, resolveOptions } from './load-config.js';
import { OWN_RELAY_OPTIONS, RELAY_OPTIONS, type RelayConfig } from './relay-options.js';

/**
 * Reads the configuration of a relay, as `loadConfig()` does that of a collector.
 *
 * @throws {@link ConfigError}
 */
export function loadRelayConfig(argv: readonly string[], env: NodeJS.ProcessEnv): RelayConfig {
  const flags = parseFlags(argv, Object.values(RELAY_OPTIONS));
  const { to, ...rest } = resolveOptions(RELAY_OPTIONS, flags, env);
  const { to: toOption, allowHttp } = OWN_RELAY_OPTIONS;
  if (to === undefined) {
    throw new ConfigError(
      `${nameOption(toOption)} must say where reports are passed on to, such as --to https://stats.example.org.`,
    );
  }
  const config = Object.freeze({ to, ...rest });
  checkTls(config);
  if (!config.allowHttp && to.startsWith('http:') && !isOfThisMachine(new URL(to).hostname)) {
    throw new ConfigError(
      `${nameOption(toOption)} must begin with https:// for another machine, since reports have write ` +
        `keys beside them; given: "${to}". Within a network that you trust, add ${nameOption(allowHttp)}.`,
    );
  }
  if (isOwnAddress(new URL(to), config)) {
    throw new ConfigError(
      `${nameOption(toOption)} is the address of this relay itself; given: "${to}". It must lead to a collector.`,
    );
  }
  return config;
}

/** Whether nothing but the relay itself can answer there. */
function isOwnAddress(to: URL, { host, port }: Pick<RelayConfig, 'host' | 'port'>): boolean {
  const toPort = Number(to.port || (to.protocol === 'https:' ? 443 : 80));
  if (toPort !== port) return false;
  const name = to.hostname.replace(/^\[|\]$/g, '');
  const isOfAll = ['0.0.0.0', '::', 'localhost'].includes(host);
  const isLoopback = host === '::1' || isOfThisMachine(host);
  return (
    name === host ||
    (isOfAll && isOfThisMachine(to.hostname)) ||
    (isLoopback && name === 'localhost')
  );
}

const isOfThisMachine = (host: string): boolean =>
  host === 'localhost' || host === '[::1]' || /^127(\.\d{1,3}){3}$/.test(host);
