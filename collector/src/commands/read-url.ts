import { ConfigError } from '../config.js';

const withoutPassword = (text: string): string => text.replace(/\/\/[^@/]*@/, '//…@');

/** The URL of a collector as an option gives it, without what a path would double. */
export function readUrl(given: string | undefined): string | undefined {
  if (given === undefined) return undefined;
  const url = URL.canParse(given) ? new URL(given) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new ConfigError(
      `--url must be an http or https URL; given: "${withoutPassword(given)}".`,
    );
  }
  return `${url.origin}${url.pathname}`.replace(/\/+$/, '');
}
