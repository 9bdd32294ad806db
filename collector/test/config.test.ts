import { describe, expect, it } from 'vitest';
import { ConfigError, loadConfig, OPTIONS } from '../src/config.js';

describe('the configuration', () => {
  it('has a default for everything', () => {
    expect(loadConfig([], {})).toEqual({
      port: 8081,
      host: '127.0.0.1',
      data: './headcount-data',
      logLevel: 'info',
    });
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

  it.each<[string[], Record<string, string>, string[]]>([
    [['--port', '65536'], {}, ['--port', 'HEADCOUNT_PORT', '"65536"', '0 to 65535']],
    [['--port', ''], {}, ['--port', 'HEADCOUNT_PORT', '""']],
    [['--port', '-1'], {}, ['--port']],
    [[], { HEADCOUNT_PORT: '80a' }, ['--port', 'HEADCOUNT_PORT', '"80a"']],
    [['--host', 'a b'], {}, ['--host', 'HEADCOUNT_HOST', '"a b"']],
    [[], { HEADCOUNT_LOG_LEVEL: 'loud' }, ['--log-level', 'HEADCOUNT_LOG_LEVEL', '"loud"', 'warn']],
    [['--prot', '1'], {}, ['--prot']],
    [['serve'], {}, ['serve']],
  ])('names the option, what was expected and given: %j %j', (argv, env, words) => {
    const load = (): unknown => loadConfig(argv, env);
    expect(load).toThrow(ConfigError);
    for (const word of words) expect(load).toThrow(word);
  });

  it('says the default of every option beside its type', async () => {
    const { readFileSync } = await import('node:fs');
    const source = readFileSync(new URL('../src/config.ts', import.meta.url), 'utf8');
    for (const [name, { fallback }] of Object.entries(OPTIONS)) {
      const literal = typeof fallback === 'string' ? `'${fallback}'` : String(fallback);
      expect(source).toMatch(
        new RegExp(`@default ${literal.replaceAll('.', '\\.')}\\n   \\*/\\n  readonly ${name}:`),
      );
    }
  });
});
