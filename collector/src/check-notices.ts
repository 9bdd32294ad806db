import { ConfigError } from './config.js';
import { nameOption, OPTIONS } from './config-options.js';
import type { NoticeConfig } from './notice-config.js';

/**
 * Checks options about messages that depend on each other.
 *
 * @throws {@link ConfigError}
 */
export function checkNotices(config: NoticeConfig): void {
  checkFormats('alertWebhook', config);
  checkFormats('digestWebhook', config);
  const { digestCommand, digestTo, digestFrom } = config;
  const [command, to] = [nameOption(OPTIONS.digestCommand), nameOption(OPTIONS.digestTo)];
  if (digestCommand !== undefined && digestTo.length === 0) {
    throw new ConfigError(`${command} needs an address for the mail: set ${to} too.`);
  }
  if (digestCommand !== undefined) return;
  if (digestTo.length > 0) {
    throw new ConfigError(`${to} needs a command that sends the mail: set ${command} too.`);
  }
  if (digestFrom !== undefined) {
    throw new ConfigError(
      `${nameOption(OPTIONS.digestFrom)} needs a command that sends the mail: set ${command} too.`,
    );
  }
}

function checkFormats(name: 'alertWebhook' | 'digestWebhook', config: NoticeConfig): void {
  const [urls, formats] = [config[name], config[`${name}Format`]];
  if (formats.length === 1 || formats.length === urls.length) return;
  throw new ConfigError(
    `${nameOption(OPTIONS[`${name}Format`])} must be one format, or one for each of the ` +
      `${urls.length} webhooks; given: "${formats.join(',')}".`,
  );
}
