import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ConfigError } from '../src/config.js';
import { OPTIONS } from '../src/config-options.js';
import { loadConfig } from '../src/load-config.js';
import { temporaryFolder } from './support/temporary-folder.js';

describe('the configuration', () => {
  it('has a default for everything', () => {
    expect(loadConfig([], {})).toEqual({
      port: 8081,
      host: '127.0.0.1',
      data: './headcount-data',
      logLevel: 'info',
      accessLog: 'sampled',
      logBytesLimit: 268_435_456,
      announce: true,
      timezone: 'UTC',
      projects: 'open',
      maxProjects: 1000,
      visibility: 'summary',
      k: 10,
      adminToken: undefined,
      trustedProxies: [],
      hosts: [],
      keepAliveMs: 130_000,
      corsOrigins: [],
      basePath: '',
      rateLimit: 12_000,
      keyRateLimit: 600_000,
      bytesLimit: 32 * 1024 * 1024,
      newIdsLimit: 10_000,
      newProjectsLimit: 10,
      newValuesLimit: 20,
      projectRateLimit: 600_000,
      projectBytesLimit: 640 * 1024 * 1024,
      projectNewIdsLimit: 200_000,
      statsRateLimit: 600,
      store: undefined,
      readStore: undefined,
      keepCountedMs: undefined,
      cache: undefined,
      durability: 'journal',
      drainSeconds: 20,
      backupDir: undefined,
      backupEveryMs: 24 * 60 * 60 * 1000,
      backupKeep: 7,
      countryTable: [],
      alertWebhook: [],
      alertWebhookFormat: ['json'],
      digestWebhook: [],
      digestWebhookFormat: ['json'],
      digestCommand: undefined,
      digestTo: [],
      digestFrom: undefined,
      digestDay: 'monday',
      digestHour: 8,
      tlsCert: undefined,
      tlsKey: undefined,
      metrics: true,
      metricsHost: '127.0.0.1',
      metricsPort: undefined,
      metricsNetworks: [],
      retention: {
        users: null,
        activity: 400,
        rollups: null,
        quality: null,
        keys: 35,
        tombstones: 35,
        snapshots: 30,
        access: 30,
        error: 7,
        performance: 90,
      },
    });
  });

  it('refuses a replica of no store', () => {
    const replica = { HEADCOUNT_READ_STORE: 'postgres://headcount@db2/headcount' };
    expect(() => loadConfig([], replica)).toThrow(
      '--read-store (or HEADCOUNT_READ_STORE) is a replica of --store (or HEADCOUNT_STORE), which is not set',
    );
    const both = { ...replica, HEADCOUNT_STORE: 'postgres://headcount@db1/headcount' };
    expect(loadConfig([], both)).toMatchObject({ readStore: replica.HEADCOUNT_READ_STORE });
  });

  it.each([
    ['--durability', 'store', '--durability (or HEADCOUNT_DURABILITY)'],
    ['--drain-seconds', '0', '--drain-seconds (or HEADCOUNT_DRAIN_SECONDS)'],
  ])('refuses %s %s without a store', (flag, value, named) => {
    const refusal = (): unknown => loadConfig([flag, value], {});
    expect(refusal).toThrow(named);
    expect(refusal).toThrow('set --store (or HEADCOUNT_STORE) too');
    const store = { HEADCOUNT_STORE: 'postgres://headcount@db1/headcount' };
    expect(() => loadConfig([flag, value], store)).not.toThrow();
  });

  it('keeps what is counted for up to a week, and only beside a store', () => {
    const env = { HEADCOUNT_STORE: 'postgres://headcount@db1/headcount' };
    expect(loadConfig(['--keep-counted', '24h'], env)).toMatchObject({ keepCountedMs: 86_400_000 });
    for (const wrong of ['0s', '8d', '24', 'forever']) {
      expect(() => loadConfig(['--keep-counted', wrong], env)).toThrow('a time from 1s to 7d');
    }
    expect(() => loadConfig(['--keep-counted', '24h'], {})).toThrow(
      '--keep-counted (or HEADCOUNT_KEEP_COUNTED) is for counts in PostgreSQL',
    );
  });

  it('comes from the environment, where an empty variable is none', () => {
    const env = { HEADCOUNT_PORT: '9000', HEADCOUNT_HOST: '::1', HEADCOUNT_DATA: '' };
    expect(loadConfig([], env)).toMatchObject({
      port: 9000,
      host: '::1',
      data: './headcount-data',
    });
  });

  it('comes from flags before the environment', () => {
    const env = { HEADCOUNT_PORT: '9000', HEADCOUNT_LOG_LEVEL: 'warn' };
    const argv = ['--port', '0', '--data=/var/lib/headcount'];
    expect(loadConfig(argv, env)).toMatchObject({
      port: 0,
      data: '/var/lib/headcount',
      logLevel: 'warn',
    });
  });

  it('takes a log of many gigabytes', () => {
    expect(loadConfig(['--log-bytes-limit', `${2 ** 34}`], {}).logBytesLimit).toBe(2 ** 34);
  });

  it('is turned off by a flag without a value, or by 0', () => {
    expect(loadConfig(['--no-announce'], { HEADCOUNT_ANNOUNCE: '1' }).announce).toBe(false);
    expect(loadConfig([], { HEADCOUNT_ANNOUNCE: '0' }).announce).toBe(false);
    expect(loadConfig([], { HEADCOUNT_ANNOUNCE: '1' }).announce).toBe(true);
  });

  it.each<[string[], Record<string, string>, string[]]>([
    [['--no-announce=1'], {}, ['--no-announce']],
    [[], { HEADCOUNT_ANNOUNCE: 'no' }, ['HEADCOUNT_ANNOUNCE', '0 or 1', '"no"']],
    [['--port', '65536'], {}, ['--port', 'HEADCOUNT_PORT', '"65536"', '0 to 65535']],
    [['--durability', 'disk'], {}, ['--durability', '"disk"', 'journal, store']],
    [['--drain-seconds', '1.5'], {}, ['--drain-seconds', '"1.5"', '0 to 3600']],
    [['--port', ''], {}, ['--port', 'HEADCOUNT_PORT', '""']],
    [['--port', '-1'], {}, ['--port']],
    [[], { HEADCOUNT_PORT: '80a' }, ['--port', 'HEADCOUNT_PORT', '"80a"']],
    [['--host', 'a b'], {}, ['--host', 'HEADCOUNT_HOST', '"a b"']],
    [['--timezone', '+02:00'], {}, ['--timezone', '"+02:00"', 'Europe/Berlin']],
    [[], { HEADCOUNT_LOG_LEVEL: 'loud' }, ['--log-level', 'HEADCOUNT_LOG_LEVEL', '"loud"', 'warn']],
    [['--projects', 'shut'], {}, ['--projects', 'HEADCOUNT_PROJECTS', 'open or closed', '"shut"']],
    [['--max-projects', '0'], {}, ['--max-projects', '1 to 100000']],
    [['--trusted-proxies', '10.0.0.1, all'], {}, ['HEADCOUNT_TRUSTED_PROXIES', '"10.0.0.1, all"']],
    [['--trusted-proxies', '10.0.0.0/33'], {}, ['HEADCOUNT_TRUSTED_PROXIES']],
    [['--trusted-proxies', '1.2.3.4/'], {}, ['HEADCOUNT_TRUSTED_PROXIES']],
    [['--rate-limit', '1.5'], {}, ['--rate-limit', 'HEADCOUNT_RATE_LIMIT']],
    [['--stats-rate-limit', '1000001'], {}, ['--stats-rate-limit', 'HEADCOUNT_STATS_RATE_LIMIT']],
    [['--bytes-limit', '1k'], {}, ['--bytes-limit', 'HEADCOUNT_BYTES_LIMIT', '"1k"']],
    [['--new-ids-limit', '1e3'], {}, ['--new-ids-limit', 'HEADCOUNT_NEW_IDS_LIMIT']],
    [['--key-rate-limit', 'x'], {}, ['--key-rate-limit', 'HEADCOUNT_KEY_RATE_LIMIT']],
    [[], { HEADCOUNT_ADMIN_TOKEN: 'short' }, ['HEADCOUNT_ADMIN_TOKEN', '16 to 256 characters']],
    [['--admin-token', 'a'.repeat(16)], {}, ['--admin-token']],
    [['--base-path', 'headcount'], {}, ['--base-path', 'HEADCOUNT_BASE_PATH', '"headcount"']],
    [['--base-path', '/a?b'], {}, ['--base-path']],
    [['--hosts', 'a b'], {}, ['--hosts', 'HEADCOUNT_HOSTS']],
    [['--keep-alive', '500ms'], {}, ['--keep-alive', 'HEADCOUNT_KEEP_ALIVE', '"500ms"', '130s']],
    [['--keep-alive', '25h'], {}, ['--keep-alive', '1s to 1d']],
    [['--cors-origins', '*'], {}, ['--cors-origins', 'HEADCOUNT_CORS_ORIGINS', '"*"']],
    [['--cors-origins', 'https://a.dev/x'], {}, ['--cors-origins']],
    [['--cors-origins', 'file:///'], {}, ['--cors-origins']],
    [[], { HEADCOUNT_ADMIN_TOKEN_FILE: '/nowhere/x' }, ['HEADCOUNT_ADMIN_TOKEN_FILE', 'ENOENT']],
    [['--prot', '1'], {}, ['--prot']],
    [['serve'], {}, ['serve']],
  ])('names the option, what was expected and given: %j %j', (argv, env, words) => {
    const load = (): unknown => loadConfig(argv, env);
    expect(load).toThrow(ConfigError);
    for (const word of words) expect(load).toThrow(word);
  });

  it('reads networks of proxies, and secrets from the environment only', () => {
    const env = {
      HEADCOUNT_TRUSTED_PROXIES: '10.0.0.1, 192.168.0.0/16,2001:db8::/32',
      HEADCOUNT_ADMIN_TOKEN: 'correct-horse-battery',
    };
    expect(loadConfig([], env)).toMatchObject({
      trustedProxies: ['10.0.0.1', '192.168.0.0/16', '2001:db8::/32'],
      adminToken: 'correct-horse-battery',
    });
  });

  it('reads a secret from a file, but not from two places', () => {
    const file = join(temporaryFolder(), 'token');
    writeFileSync(file, 'correct-horse-battery\n');
    const env = { HEADCOUNT_ADMIN_TOKEN_FILE: file };
    expect(loadConfig([], env).adminToken).toBe('correct-horse-battery');
    const both = { ...env, HEADCOUNT_ADMIN_TOKEN: 'another-horse-battery' };
    expect(() => loadConfig([], both)).toThrow(/HEADCOUNT_ADMIN_TOKEN_FILE are both set/);
  });

  it('reads the names of the collector as requests have them', () => {
    const env = {
      HEADCOUNT_HOSTS: 'Stats.acme.dev, localhost,[::1]',
      HEADCOUNT_CORS_ORIGINS: 'https://acme.dev/, http://localhost:3000',
      HEADCOUNT_BASE_PATH: '/tools/headcount/',
    };
    expect(loadConfig([], env)).toMatchObject({
      hosts: ['stats.acme.dev', 'localhost', '[::1]'],
      corsOrigins: ['https://acme.dev', 'http://localhost:3000'],
      basePath: '/tools/headcount',
    });
  });

  it('takes a cache of collectors on one store, and refuses it without a store', () => {
    const store = { HEADCOUNT_STORE: 'postgres://db/headcount' };
    const addresses = ['redis://cache', 'rediss://:secret@cache:6380/1', 'redis://[::1]:6379'];
    for (const cache of addresses) {
      expect(loadConfig(['--cache', cache], store)).toMatchObject({ cache });
      expect(() => loadConfig(['--cache', cache], {})).toThrow(/HEADCOUNT_STORE/);
    }
    const others = [
      'http://cache',
      'redis:',
      'redis://app:12/3?secret@cache',
      'redis://',
      'redis://cache/name',
      'redis://a b',
      '',
    ];
    for (const cache of others) {
      expect(() => loadConfig(['--cache', cache], store), cache).toThrow(/HEADCOUNT_CACHE/);
    }
    expect(() => loadConfig([], { HEADCOUNT_CACHE: 'http://:secret@cache' })).toThrow(
      /^(?!.*secret)/s,
    );
  });

  it('says of an address with a space that it is encoded', () => {
    const env = { HEADCOUNT_STORE: 'postgres://headcount@db1/headcount?options=-c search_path=a' };
    expect(() => loadConfig([], env)).toThrow('%20 for a space');
  });

  it.each([
    ['--store', 'postgres'],
    ['--read-store', 'postgresql'],
    ['--cache', 'redis'],
    ['--cache', 'rediss'],
  ])('refuses %s with %s and a password that is not encoded, unseen', (flag, scheme) => {
    const store = { HEADCOUNT_STORE: 'postgres://headcount@db1/headcount' };
    const load = (rest: string) => (): unknown =>
      loadConfig([flag, `${scheme}://${rest}`], flag === '--store' ? {} : store);
    const wrong = ['12/3', '12?3', '12#3', '12/3@4', '1@2/3', '1@2', '1@2,3', '5%', '%E9'].map(
      (password) => `app:${password}secret@host/1`,
    );
    for (const rest of [...wrong, 'host/1?user=app@secret', ':secret@host/1#@']) {
      expect(load(rest), rest).toThrow(/percent-encoded, such as %2F for \//);
      expect(load(rest), rest).toThrow(/^(?!.*(secret|app))/s);
    }
    for (const password of ['12%2F3', '12%3F3', '12%233', '1%402', "!$&'()*+,;=:~"]) {
      expect(load(`app:${password}secret@host/1`), password).not.toThrow();
    }
  });

  it('shows no part of an address that is not quoted, or given for a file', () => {
    const address = ['--store', 'postgres://app:my', 'secret@host/db'];
    expect(() => loadConfig(address, {})).toThrow(/^An argument is of no option\. (?!.*secret)/);
    const file = { HEADCOUNT_STORE_FILE: 'postgres://app:secret@host/db' };
    expect(() => loadConfig([], file)).toThrow(
      'HEADCOUNT_STORE_FILE names no file that can be read (ENOENT).',
    );
  });

  it('quotes no secret', () => {
    const load = (): unknown => loadConfig([], { HEADCOUNT_ADMIN_TOKEN: 'hunter2' });
    expect(load).toThrow(expect.not.stringContaining('hunter2') as string);
    expect(load).toThrow(/must be 16 to 256/);
  });

  it('says the default of every option beside its type', async () => {
    const { readFileSync } = await import('node:fs');
    const read = (name: string): string =>
      readFileSync(new URL(`../src/${name}.ts`, import.meta.url), 'utf8');
    const source = read('config') + read('notice-config');
    for (const [name, { fallback }] of Object.entries(OPTIONS)) {
      const literal =
        typeof fallback === 'string'
          ? `'${fallback}'`
          : Array.isArray(fallback)
            ? `\\[${fallback.map((one) => `'${String(one)}'`).join(', ')}\\]`
            : String(fallback);
      expect(source).toMatch(
        new RegExp(`@default ${literal.replaceAll('.', '\\.')}\\n   \\*/\\n  readonly ${name}:`),
      );
    }
  });
});
