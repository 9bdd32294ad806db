import type { OPTIONS } from '../../collector/src/config-options.js';
import { LOG_LEVELS } from '../../collector/src/logs/logger.js';
import { DURABILITIES } from '../../collector/src/rules/durability.js';
import { WEBHOOK_FORMATS } from '../../collector/src/rules/webhook-format.js';
import { WEEKDAYS } from '../../collector/src/rules/weekday.js';
import { LIMIT_NOTES } from './limit-notes.js';
import type { OptionKind, OptionNote } from './option-note.js';

const CLOCK_UNITS = ['s', 'm', 'h', 'd'];
const port: OptionKind = { type: 'number', unit: 'TCP port', from: 0, to: 65_535 };
const zeroOrOne: OptionKind = { type: 'choice', values: ['0', '1'] };
const path = (of: string): OptionKind => ({ type: 'text', of, limits: 'no NUL', not: '\0' });
const hostName: OptionKind = {
  type: 'text',
  of: 'host name or IP address',
  limits: 'letters, digits, `.`, `-`, `_`, `:`',
  not: 'a b',
};
const networks: OptionKind = {
  type: 'text',
  of: 'addresses and networks, separated by commas',
  limits: 'IPv4 or IPv6, the prefix up to 32 or 128',
  not: '10.0.0.0/33',
};
const urls: OptionKind = {
  type: 'text',
  of: 'URLs, separated by commas',
  limits: '`http` or `https`; a secret',
  not: 'ftp://acme.dev',
};
const formats: OptionKind = { type: 'choice', values: WEBHOOK_FORMATS, isList: true };

/** Every option of {@link OPTIONS}: the compiler refuses one without a note. */
export const OPTION_NOTES: { readonly [Name in keyof typeof OPTIONS]: OptionNote } = {
  ...LIMIT_NOTES,
  port: {
    ...{ group: 'address', kind: port, example: '9000', isCommon: true },
    what: 'The port of reports and answers. 0 takes any free port.',
    page: 'first-number.md',
  },
  host: {
    ...{ group: 'address', kind: hostName, example: '0.0.0.0', isCommon: true },
    what: 'The address to listen on. `127.0.0.1` is for this machine alone, `0.0.0.0` for all networks.',
    page: 'containers.md',
  },
  basePath: {
    ...{ group: 'proxy', example: '/headcount', isCommon: true },
    kind: {
      type: 'text',
      of: 'path',
      limits: 'begins with `/`; letters, digits, `-`, `.`, `_`, `~`',
      not: 'headcount',
    },
    what: 'The path below which a proxy offers the collector. The proxy may pass it on or remove it.',
    page: 'proxies.md#variables',
  },
  data: {
    ...{ group: 'address', kind: path('folder'), example: '/var/lib/headcount', isCommon: true },
    what: 'The folder that everything is kept in. It is created if it is missing. One collector at a time uses it.',
    page: 'backup-and-restore.md#what-to-back-up',
  },
  timezone: {
    ...{ group: 'projects', example: 'Europe/Berlin', isCommon: true },
    kind: {
      type: 'text',
      of: 'IANA time zone',
      limits: 'no offset such as `+02:00`',
      not: '+02:00',
    },
    what: 'The time zone of days, for projects without a time zone of their own. A change does not move reports that are counted.',
    page: 'times.md',
  },
  logLevel: {
    ...{ group: 'log', example: 'warn', isCommon: true },
    kind: { type: 'choice', values: LOG_LEVELS },
    what: 'The lowest level of lines that are logged.',
    page: 'logs.md#lines',
  },
  accessLog: {
    ...{ group: 'log', example: 'off' },
    kind: { type: 'choice', values: ['off', 'sampled', 'all'] },
    what: 'Which requests are logged. `sampled` logs the first 100 of a second, and every 100th of the others.',
    page: 'logs.md#requests',
  },
  logBytesLimit: {
    ...{ group: 'log', example: '67108864' },
    kind: { type: 'number', unit: 'bytes', from: 32 * 1024 * 1024 },
    what: 'The size of all files of the log together. 0 writes no files.',
    page: 'logs.md#files',
  },
  announce: {
    ...{ group: 'address', kind: zeroOrOne, example: '0' },
    what: 'Whether the collector leaves its address in the user’s folder, where programs on this machine find it.',
    page: 'troubleshooting.md#it-is-ill-while-it-runs',
  },
  projects: {
    ...{ group: 'projects', example: 'closed', isCommon: true },
    kind: { type: 'choice', values: ['open', 'closed'] },
    what: 'With `open`, the first report of a project creates it. With `closed`, only the administrator creates projects.',
    page: 'access.md',
  },
  maxProjects: {
    ...{ group: 'projects', example: '50' },
    kind: { type: 'number', unit: 'projects', from: 1, to: 100_000 },
    what: 'How many projects first reports may create.',
    page: 'limits.md#what-a-project-may-hold',
  },
  visibility: {
    ...{ group: 'projects', example: 'none', isCommon: true },
    kind: { type: 'choice', values: ['none', 'summary', 'detailed'] },
    what: 'What requests without a token see of projects without a setting of their own: nothing, totals, or distributions too.',
    page: 'access.md#what-the-public-sees',
  },
  k: {
    ...{ group: 'projects', example: '20', isCommon: true },
    kind: { type: 'number', unit: 'people', from: 2, to: 1000 },
    what: 'The smallest group of people that requests without a token see. Smaller groups count as `other`.',
    page: 'access.md#groups-of-at-least-ten-people',
  },
  adminToken: {
    ...{ group: 'access', example: 'kept-in-a-file-by-the-operator', isCommon: true },
    kind: {
      type: 'text',
      of: 'token',
      limits: '16 to 256 letters, digits, `-`, `.`, `_`, `~`, `+`, `/`; a secret',
      not: 'too-short',
    },
    what: 'The administrator’s token. It replaces the one in the file `admin-token` of the data folder.',
    page: 'access.md#tokens',
  },
  trustedProxies: {
    ...{ group: 'proxy', kind: networks, example: '10.0.0.1,192.168.0.0/16', isCommon: true },
    what: 'The proxies whose `X-Forwarded-For` is believed. Without it, all clients behind a proxy share one limit.',
    page: 'proxies.md#who-the-client-is',
  },
  hosts: {
    ...{ group: 'proxy', example: 'stats.acme.dev,localhost' },
    kind: {
      type: 'text',
      of: 'host names, separated by commas',
      limits: 'without a port',
      not: 'https://acme.dev',
    },
    what: 'The names that requests may have in `Host`. Others are refused with 421. Without it, every name is taken.',
    page: 'access.md#behind-a-proxy',
  },
  keepAliveMs: {
    ...{ group: 'proxy', example: '75s' },
    kind: { type: 'time', units: CLOCK_UNITS, from: '1s', to: '1d' },
    what: 'For how long an idle connection is kept open. A proxy in front must close its own earlier.',
    page: 'proxies.md#connections-that-are-kept-open',
  },
  corsOrigins: {
    ...{ group: 'access', example: 'https://acme.dev,http://localhost:3000' },
    kind: {
      type: 'text',
      of: 'origins, separated by commas',
      limits: 'scheme, host and port, without a path',
      not: 'https://acme.dev/stats',
    },
    what: 'The origins whose pages may send requests from a browser.',
    page: 'access.md#browsers',
  },
  store: {
    ...{ group: 'address', example: 'postgres://headcount@db.acme.dev/headcount' },
    kind: {
      type: 'text',
      of: 'URL',
      limits: '`postgres`; a secret if it has a password',
      not: 'mysql://db.acme.dev/headcount',
    },
    what: 'The PostgreSQL 15 or later that keeps the counts of several collectors. Without it, they are in the data folder.',
    page: 'postgres.md',
  },
  readStore: {
    ...{ group: 'address', example: 'postgres://headcount@db2.acme.dev/headcount' },
    kind: {
      type: 'text',
      of: 'URL',
      limits: '`postgres`, beside `--store`; a secret if it has a password',
      not: 'mysql://db2.acme.dev/headcount',
    },
    with: ['--store', 'postgres://headcount@db.acme.dev/headcount'],
    what: 'A streaming replica of `--store` that questions go to. A journal keeps its entries until the replica has counted them.',
    page: 'postgres.md#a-replica-for-questions',
  },
  keepCountedMs: {
    ...{ group: 'address', example: '24h' },
    with: ['--store', 'postgres://headcount@db.acme.dev/headcount'],
    kind: { type: 'time', units: CLOCK_UNITS, from: '1s', to: '7d' },
    what: 'For how long the journal keeps what is counted in `--store`: a restore to a moment within that time loses no report. Refused without `--store`.',
    page: 'postgres-backup.md#lose-nothing',
  },
  cache: {
    ...{ group: 'address', example: 'rediss://cache.acme.dev:6379' },
    kind: {
      type: 'text',
      of: 'URL',
      limits: '`redis` or `rediss`; a secret if it has a password',
      not: 'http://cache.acme.dev',
    },
    with: ['--store', 'postgres://headcount@db.acme.dev/headcount'],
    what: 'The Redis or Valkey by which collectors on one `--store` have answers from each other. Refused without `--store`.',
    page: 'postgres.md#a-cache-between-collectors',
  },
  durability: {
    ...{ group: 'address', example: 'store' },
    kind: { type: 'choice', values: DURABILITIES },
    with: ['--store', 'postgres://headcount@db.acme.dev/headcount'],
    what: 'Where a report is when it is acknowledged: on the disk of this collector, or counted in `--store`, without which `store` is refused.',
    page: 'postgres.md#a-disk-that-is-lost',
  },
  drainSeconds: {
    ...{ group: 'address', example: '60' },
    kind: { type: 'number', unit: 'seconds', from: 0, to: 3600 },
    with: ['--store', 'postgres://headcount@db.acme.dev/headcount'],
    what: 'For how long a collector that is told to end counts what its journal has. The rest is counted at its next start. It needs `--store`.',
    page: 'postgres.md#the-end-of-a-collector',
  },
  backupDir: {
    ...{ group: 'backup', kind: path('folder'), example: '/backups', isCommon: true },
    what: 'The folder of regular backups, outside the data folder. Without it, none are made.',
    page: 'backup-and-restore.md#back-up',
  },
  backupEveryMs: {
    ...{ group: 'backup', example: '6h', with: ['--backup-dir', '/backups'] },
    kind: { type: 'time', units: CLOCK_UNITS, from: '1s', to: '365d' },
    what: 'The time from one backup to the next. It needs `--backup-dir`.',
    page: 'backup-and-restore.md#back-up',
  },
  backupKeep: {
    ...{ group: 'backup', example: '14', with: ['--backup-dir', '/backups'] },
    kind: { type: 'number', unit: 'backups', from: 1, to: 1000 },
    what: 'How many backups are kept. It needs `--backup-dir`.',
    page: 'backup-and-restore.md#back-up',
  },
  countryTable: {
    ...{ group: 'country', example: '/usr/share/GeoIP/country.mmdb' },
    kind: { type: 'text', of: 'files, separated by commas', limits: 'CSV or mmdb', not: 'a.csv,,' },
    what: 'The table by which people are counted by country. Without it, no country is looked up.',
    page: 'country.md#the-table',
  },
  tlsCert: {
    ...{ group: 'proxy', kind: path('file in PEM'), isCommon: true },
    example: '/etc/headcount/fullchain.pem',
    with: ['--tls-key', '/etc/headcount/privkey.pem'],
    what: 'The certificate with its chain. The collector then speaks https. The file is read again when it changes.',
    page: 'tls.md',
  },
  tlsKey: {
    ...{ group: 'proxy', kind: path('file in PEM'), isCommon: true },
    example: '/etc/headcount/privkey.pem',
    with: ['--tls-cert', '/etc/headcount/fullchain.pem'],
    what: 'The key of this certificate, not encrypted. The file is read again when it changes.',
    page: 'tls.md',
  },
  metrics: {
    ...{ group: 'metrics', kind: zeroOrOne, example: '0' },
    what: 'Whether metrics have a port of their own. `/metrics` on the main port stays, with a token.',
    page: 'metrics.md#scraping',
  },
  metricsHost: {
    ...{ group: 'metrics', kind: hostName, example: '0.0.0.0' },
    what: 'The address that scrapes come to.',
    page: 'metrics.md#scraping',
  },
  metricsPort: {
    ...{ group: 'metrics', kind: port, example: '9100', fallback: '9881, or any with `--port 0`' },
    what: 'The port of metrics. A port that you name must be free, or the collector does not start.',
    page: 'metrics.md#scraping',
  },
  metricsNetworks: {
    ...{ group: 'metrics', kind: networks, example: '10.0.0.0/8' },
    what: 'The addresses and networks, besides this machine, that scrape without a token.',
    page: 'metrics.md#scraping',
  },
  alertWebhook: {
    ...{ group: 'alerts', kind: urls, example: 'https://hooks.acme.dev/headcount' },
    what: 'The webhooks that are told when a condition begins and when it ends.',
    page: 'alerts.md#a-webhook-of-the-collectors-own',
  },
  alertWebhookFormat: {
    ...{ group: 'alerts', kind: formats, example: 'slack' },
    with: ['--alert-webhook', 'https://hooks.acme.dev/headcount'],
    what: 'The shape of these messages: one for all webhooks, or one for each.',
    page: 'alerts.md#a-webhook-of-the-collectors-own',
  },
  digestWebhook: {
    ...{ group: 'alerts', kind: urls, example: 'https://hooks.acme.dev/weekly' },
    what: 'The webhooks that get a text about the week.',
    page: 'alerts.md#the-digest-of-the-week',
  },
  digestWebhookFormat: {
    ...{ group: 'alerts', kind: formats, example: 'discord' },
    with: ['--digest-webhook', 'https://hooks.acme.dev/weekly'],
    what: 'The shape of these messages: one for all webhooks, or one for each.',
    page: 'alerts.md#the-digest-of-the-week',
  },
  digestCommand: {
    ...{ group: 'alerts', example: '/usr/sbin/sendmail -t', with: ['--digest-to', 'me@acme.dev'] },
    kind: {
      type: 'text',
      of: 'program and arguments',
      limits: 'quotes are closed; no shell',
      not: 'mail "me',
    },
    what: 'The program that takes the weekly text as a mail on its standard input. Every user of the machine can read its arguments: keep passwords in a file of the program.',
    page: 'alerts.md#the-digest-of-the-week',
  },
  digestTo: {
    ...{ group: 'alerts', example: 'me@acme.dev,team@acme.dev' },
    with: ['--digest-command', '/usr/sbin/sendmail -t'],
    kind: {
      type: 'text',
      of: 'mail addresses, separated by commas',
      limits: '254 characters each, without a name',
      not: 'Me <me@acme.dev>',
    },
    what: 'The addresses that this mail goes to.',
    page: 'alerts.md#the-digest-of-the-week',
  },
  digestFrom: {
    ...{ group: 'alerts', example: 'headcount@acme.dev' },
    with: ['--digest-command', '/usr/sbin/sendmail -t', '--digest-to', 'me@acme.dev'],
    fallback: '`headcount@` and the machine’s name',
    kind: {
      type: 'text',
      of: 'mail address',
      limits: '254 characters, without a name',
      not: 'headcount',
    },
    what: 'The address that this mail comes from.',
    page: 'alerts.md#the-digest-of-the-week',
  },
  digestDay: {
    ...{ group: 'alerts', kind: { type: 'choice', values: WEEKDAYS }, example: 'friday' },
    with: ['--digest-webhook', 'https://hooks.acme.dev/weekly'],
    what: 'The weekday of this text, in the time zone of `--timezone`.',
    page: 'alerts.md#the-digest-of-the-week',
  },
  digestHour: {
    ...{
      group: 'alerts',
      example: '17',
      with: ['--digest-webhook', 'https://hooks.acme.dev/week'],
    },
    kind: { type: 'number', unit: 'hour of the day', from: 0, to: 23 },
    what: 'The hour of this text, in the time zone of `--timezone`.',
    page: 'alerts.md#the-digest-of-the-week',
  },
};
