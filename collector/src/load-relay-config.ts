import { ConfigError } from './config.js';
import { nameOption, OPTIONS } from './config-options.js';
import { checkTls, parseFlags, resolveOption } from './load-config.js';
import { OWN_RELAY_OPTIONS, RELAY_DATA, RELAY_OPTIONS, type RelayConfig } from './relay-options.js';

/**
 * Reads the configuration of a relay, as `loadConfig()` does that of a collector.
 *
 * @throws {@link ConfigError}
 */
export function loadRelayConfig(argv: readonly string[], env: NodeJS.ProcessEnv): RelayConfig {
  const flags = parseFlags(argv, Object.values(RELAY_OPTIONS));
  const { to: toOption, allowHttp, journalBytesLimit } = OWN_RELAY_OPTIONS;
  const to = resolveOption(toOption, flags, env);
  if (to === undefined) {
    throw new ConfigError(
      `${nameOption(toOption)} must say where reports are passed on to, such as --to https://stats.example.org.`,
    );
  }
  const config = Object.freeze({
    to,
    allowHttp: resolveOption(allowHttp, flags, env),
    journalBytesLimit: resolveOption(journalBytesLimit, flags, env),
    data: resolveOption(RELAY_DATA, flags, env),
    port: resolveOption(OPTIONS.port, flags, env),
    host: resolveOption(OPTIONS.host, flags, env),
    basePath: resolveOption(OPTIONS.basePath, flags, env),
    timezone: resolveOption(OPTIONS.timezone, flags, env),
    logLevel: resolveOption(OPTIONS.logLevel, flags, env),
    accessLog: resolveOption(OPTIONS.accessLog, flags, env),
    logBytesLimit: resolveOption(OPTIONS.logBytesLimit, flags, env),
    trustedProxies: resolveOption(OPTIONS.trustedProxies, flags, env),
    hosts: resolveOption(OPTIONS.hosts, flags, env),
    keepAliveMs: resolveOption(OPTIONS.keepAliveMs, flags, env),
    corsOrigins: resolveOption(OPTIONS.corsOrigins, flags, env),
    rateLimit: resolveOption(OPTIONS.rateLimit, flags, env),
    keyRateLimit: resolveOption(OPTIONS.keyRateLimit, flags, env),
    bytesLimit: resolveOption(OPTIONS.bytesLimit, flags, env),
    projectRateLimit: resolveOption(OPTIONS.projectRateLimit, flags, env),
    projectBytesLimit: resolveOption(OPTIONS.projectBytesLimit, flags, env),
    tlsCert: resolveOption(OPTIONS.tlsCert, flags, env),
    tlsKey: resolveOption(OPTIONS.tlsKey, flags, env),
    metrics: resolveOption(OPTIONS.metrics, flags, env),
    metricsHost: resolveOption(OPTIONS.metricsHost, flags, env),
    metricsPort: resolveOption(OPTIONS.metricsPort, flags, env),
    metricsNetworks: resolveOption(OPTIONS.metricsNetworks, flags, env),
  });
  checkTls(config);
  if (!config.allowHttp && to.startsWith('http:') && !isOfThisMachine(new URL(to).hostname)) {
    throw new ConfigError(
      `${nameOption(toOption)} must begin with https:// for another machine, since reports have write ` +
        `keys beside them; given: "${to}". Within a network that you trust, add ${nameOption(allowHttp)}.`,
    );
  }
  return config;
}

const isOfThisMachine = (host: string): boolean =>
  host === 'localhost' || host === '[::1]' || /^127(\.\d{1,3}){3}$/.test(host);
