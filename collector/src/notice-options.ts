import type { NoticeConfig } from './notice-config.js';
import type { Option } from './option.js';
import { isMailAddress, listOf, parseCommand, parseUrls, wholeNumber } from './option-values.js';
import { WEBHOOK_FORMATS } from './rules/webhook-format.js';
import { WEEKDAYS } from './rules/weekday.js';

/** What an option for webhooks expects. Their paths are secrets. */
const webhooks = (what: string, variable: string) => ({
  expected:
    `http or https URLs with commas between, of webhooks ${what}; the file that ` +
    `${variable}_FILE names keeps them from other users`,
  parse: parseUrls,
  isSecret: true,
});

const WEBHOOK_FORMAT = {
  expected: `one of ${WEBHOOK_FORMATS.join(', ')}, or one for each webhook, with commas between`,
  parse: listOf((text) => WEBHOOK_FORMATS.find((one) => one === text)),
};

/** The options about messages that the collector sends. */
export const NOTICE_OPTIONS: {
  readonly [Name in keyof NoticeConfig]: Option<NoticeConfig[Name]>;
} = {
  alertWebhook: {
    flag: 'alert-webhook',
    variable: 'HEADCOUNT_ALERT_WEBHOOK',
    fallback: [],
    ...webhooks('told when a condition begins and ends', 'HEADCOUNT_ALERT_WEBHOOK'),
  },
  alertWebhookFormat: {
    flag: 'alert-webhook-format',
    variable: 'HEADCOUNT_ALERT_WEBHOOK_FORMAT',
    fallback: ['json'],
    ...WEBHOOK_FORMAT,
  },
  digestWebhook: {
    flag: 'digest-webhook',
    variable: 'HEADCOUNT_DIGEST_WEBHOOK',
    fallback: [],
    ...webhooks('that get the digest of each week', 'HEADCOUNT_DIGEST_WEBHOOK'),
  },
  digestWebhookFormat: {
    flag: 'digest-webhook-format',
    variable: 'HEADCOUNT_DIGEST_WEBHOOK_FORMAT',
    fallback: ['json'],
    ...WEBHOOK_FORMAT,
  },
  digestCommand: {
    flag: 'digest-command',
    variable: 'HEADCOUNT_DIGEST_COMMAND',
    fallback: undefined,
    expected:
      'a program and its arguments, such as "/usr/sbin/sendmail -t", run without a shell; it takes ' +
      'the digest of each week as a mail on its standard input',
    parse: parseCommand,
  },
  digestTo: {
    flag: 'digest-to',
    variable: 'HEADCOUNT_DIGEST_TO',
    fallback: [],
    expected: 'mail addresses with commas between, for this mail',
    parse: (text) => {
      const addresses = text.split(',').map((address) => address.trim());
      return addresses.every(isMailAddress) ? addresses : undefined;
    },
  },
  digestFrom: {
    flag: 'digest-from',
    variable: 'HEADCOUNT_DIGEST_FROM',
    fallback: undefined,
    expected: 'the mail address that this mail comes from; without it, headcount@ this machine',
    parse: (address) => (isMailAddress(address) ? address : undefined),
  },
  digestDay: {
    flag: 'digest-day',
    variable: 'HEADCOUNT_DIGEST_DAY',
    fallback: 'monday',
    expected: 'the weekday of the digest, such as monday',
    parse: (text) => WEEKDAYS.find((one) => one === text.toLowerCase()),
  },
  digestHour: {
    flag: 'digest-hour',
    variable: 'HEADCOUNT_DIGEST_HOUR',
    fallback: 8,
    expected: 'the hour of the digest, from 0 to 23, in the collector’s time zone',
    parse: wholeNumber(0, 23),
  },
};

/** Their defaults. */
export const NOTICE_DEFAULTS: NoticeConfig = {
  alertWebhook: NOTICE_OPTIONS.alertWebhook.fallback,
  alertWebhookFormat: NOTICE_OPTIONS.alertWebhookFormat.fallback,
  digestWebhook: NOTICE_OPTIONS.digestWebhook.fallback,
  digestWebhookFormat: NOTICE_OPTIONS.digestWebhookFormat.fallback,
  digestCommand: NOTICE_OPTIONS.digestCommand.fallback,
  digestTo: NOTICE_OPTIONS.digestTo.fallback,
  digestFrom: NOTICE_OPTIONS.digestFrom.fallback,
  digestDay: NOTICE_OPTIONS.digestDay.fallback,
  digestHour: NOTICE_OPTIONS.digestHour.fallback,
};
