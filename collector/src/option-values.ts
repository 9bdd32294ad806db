import { isIP } from 'node:net';
import { DAY_MS } from './rules/day.js';

/** Reads a whole number within bounds; `undefined` for another text. */
export const wholeNumber =
  (from: number, to: number) =>
  (text: string): number | undefined =>
    /^\d{1,15}$/.test(text) && Number(text) >= from && Number(text) <= to
      ? Number(text)
      : undefined;

interface LimitValue {
  readonly expected: string;
  readonly parse: (text: string) => number | undefined;
}

const MOST = 999_999_999;

/** What an option for a limit expects. */
export function limitOf(what: string): LimitValue {
  return {
    expected: `${what}, a whole number up to ${MOST}; 0 is no limit`,
    parse: wholeNumber(0, MOST),
  };
}

/** The same, for a limit by the minute. */
export const perMinute = (unit: string, whose: string): LimitValue =>
  limitOf(`${unit} a minute ${whose}`);

const UNITS_MS: Readonly<Record<string, number>> = {
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: DAY_MS,
};

/** Writes a time as people set it. */
export function writeDuration(ms: number): string {
  const unit = ['h', 'm'].find((one) => ms % (UNITS_MS[one] ?? 1) === 0) ?? 's';
  return `${ms / (UNITS_MS[unit] ?? 1)}${unit}`;
}

/** Reads a time such as `24h`, in milliseconds. */
export function parseDuration(text: string): number | undefined {
  const [, number = '', unit = ''] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  const ms = Number(number) * (UNITS_MS[unit] ?? 0);
  return ms >= 1000 && ms <= 365 * DAY_MS ? ms : undefined;
}

/** Reads a list; `undefined` if one of its parts cannot be read. */
export function listOf<Part extends string>(
  parse: (part: string) => Part | undefined,
): (text: string) => readonly Part[] | undefined {
  return (text) => {
    const parts = text.split(',').map((part) => parse(part.trim().toLowerCase()));
    return parts.every((part) => part !== undefined) ? parts : undefined;
  };
}

/** An origin, as browsers write it; `undefined` for another text. */
export function parseOrigin(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined;
  const { origin, protocol } = new URL(text);
  return /^https?:$/.test(protocol) && origin === text.replace(/\/$/, '') ? origin : undefined;
}

/** Whether a text is an address or a network. */
export function isNetwork(text: string): boolean {
  const [address = '', bits, ...rest] = text.split('/');
  const version = isIP(address);
  if (version === 0 || rest.length > 0) return false;
  return bits === undefined || wholeNumber(0, version === 4 ? 32 : 128)(bits) !== undefined;
}

/** Reads http and https URLs, which may have commas themselves; `undefined` for another text. */
export function parseUrls(text: string): readonly string[] | undefined {
  const parts = text.trim().split(/[\s,]+(?=https?:\/\/)/i);
  const isWeb = (part: string): boolean =>
    /^https?:\/\/[^\s]+$/i.test(part) && URL.canParse(part) && new URL(part).hostname !== '';
  return parts.every(isWeb) ? parts.map((part) => new URL(part).href) : undefined;
}

/**
 * Reads a program and its arguments, with spaces between. Quotes keep spaces; nothing else has a
 * meaning. `undefined` if a quote is not closed.
 */
export function parseCommand(text: string): readonly string[] | undefined {
  if (!/^(?:[^'"\0]|'[^'\0]*'|"[^"\0]*")*$/.test(text)) return undefined;
  const words = text.match(/(?:[^\s'"]|'[^']*'|"[^"]*")+/g) ?? [];
  return words.length === 0 ? undefined : words.map((word) => word.replaceAll(/['"]/g, ''));
}

/** Whether a text is a plain mail address, which no header needs to quote. */
export function isMailAddress(text: string): boolean {
  return text.length <= 254 && /^[\w.!#$%&'*+/=?^`{|}~-]+@[A-Za-z\d.-]+$/.test(text);
}

/**
 * Whether the only `@` of an address is the one before its servers, and each `%` encodes something.
 * Another `@` shows that a password is not encoded: a part of it would be taken for a server or a
 * database, whose names are told.
 */
function isEncoded(address: string): boolean {
  if (!/^[^@/?#]+:\/\/(?:[^@/?#]*@)?[^@]*$/.test(address)) return false;
  try {
    decodeURIComponent(address);
    return true;
  } catch {
    return false;
  }
}

/** Whether a text is the address of a PostgreSQL. */
export const isStoreAddress = (text: string): boolean =>
  /^postgres(ql)?:\/\/[^\s\0]+$/.test(text) && isEncoded(text);

/** Whether a text is the address of a Redis, with TLS (`rediss:`) or without. */
export function isRedisAddress(text: string): boolean {
  if (/[\s\0]/.test(text) || !isEncoded(text) || !URL.canParse(text)) return false;
  const { protocol, hostname, pathname } = new URL(text);
  return /^rediss?:$/.test(protocol) && hostname !== '' && /^\/?\d*$/.test(pathname);
}
