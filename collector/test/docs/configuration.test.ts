import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import {
  DOCUMENTED_OPTIONS,
  type DocumentedOption,
  writeExample,
} from '../../../build/configuration/configuration-page.js';
import type { OptionKind } from '../../../build/configuration/option-note.js';
import { COMMANDS } from '../../src/command-table.js';
import { helpOf } from '../../src/commands/help.js';
import { showConfig } from '../../src/commands/config-command.js';
import { ConfigError } from '../../src/config.js';
import { loadConfig } from '../../src/load-config.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const file = (path: string): string => fileURLToPath(new URL(`../../../${path}`, import.meta.url));

const PAGE = readFileSync(file('docs/collector/configuration.md'), 'utf8');
const named = DOCUMENTED_OPTIONS.map((one) => [one.option.variable, one] as const);

/** Values that an option must take, and others that it must refuse, by what the page says of it. */
function borders(kind: OptionKind): { taken: string[]; refused: string[] } {
  switch (kind.type) {
    case 'number': {
      const { from, to } = kind;
      const most = to === undefined ? [`${2 ** 40}`] : [`${to}`];
      const beyond = to === undefined ? [] : [`${to + 1}`];
      return { taken: [`${from}`, ...most], refused: [`${from - 1}`, ...beyond, '1.5', 'many'] };
    }
    case 'time': {
      const { from, to, units } = kind;
      const [, least = '', unit = ''] = /^(\d+)(\w)$/.exec(from) ?? [];
      const [, most, mostUnit = ''] = /^(\d+)(\w)$/.exec(to) ?? [];
      const beyond = most === undefined ? [] : [`${Number(most) + 1}${mostUnit}`];
      const unknown = ['s', 'm', 'h', 'd', 'w', 'y'].filter((one) => !units.includes(one));
      const others = unknown.map((one) => `200${one}`);
      return { taken: [from, to], refused: [`${Number(least) - 1}${unit}`, ...beyond, ...others] };
    }
    case 'choice': {
      const { values, isList = false } = kind;
      return { taken: [...values, ...(isList ? [values.join(',')] : [])], refused: ['nonsense'] };
    }
    case 'text':
      return { taken: [], refused: [kind.not] };
  }
}

/** What the parser makes of an option that is set to a text, with what has to be set beside it. */
function load({ option, note }: DocumentedOption, text: string): object {
  return loadConfig([...(note.with ?? [])], { [option.variable]: text });
}

describe('the page of the configuration, and the README', () => {
  it('are what the source of the options makes', () => {
    const script = [file('build/write-configuration.mjs'), '--check'];
    const env = { PATH: process.env['PATH'] };
    expect(execFileSync(process.execPath, script, { env, encoding: 'utf8' })).toBe('');
  });

  it.each(named)('has %s, and an example that the parser accepts', (variable, documented) => {
    const { option, note } = documented;
    const title = option.flag === undefined ? variable : `--${option.flag}`;
    const [, section = ''] = PAGE.split(`\n### ${title}\n`);
    expect(section.split('\n### ')[0]).toContain(`| \`${variable}\``);
    expect(section.split('\n### ')[0]).toContain(`\`${writeExample(documented)}\``);
    const changed = load(documented, note.example);
    expect(option.parse(note.example)).not.toEqual(option.fallback);
    if (option.flag === undefined) return;
    const value = option.toggle ? [] : [note.example];
    expect(loadConfig([...(note.with ?? []), `--${option.flag}`, ...value], {})).toEqual(changed);
  });

  it.each(named)('has the limits of %s, where the parser has them', (_, { option, note }) => {
    const { taken, refused } = borders(note.kind);
    for (const text of taken) expect([text, option.parse(text)]).not.toEqual([text, undefined]);
    for (const text of refused) expect([text, option.parse(text)]).toEqual([text, undefined]);
  });

  it('has no option that is not there', () => {
    const titles = [...PAGE.matchAll(/^### (.+)$/gm)].map(([, title = '']) => title);
    const names = DOCUMENTED_OPTIONS.map(({ option: { flag, variable } }) =>
      flag === undefined ? variable : `--${flag}`,
    );
    expect(titles.sort()).toEqual(names.sort());
    const help = [...helpOf(COMMANDS).matchAll(/HEADCOUNT_\w+/g)].map(([name]) => name);
    const plain = new Set(help.filter((name) => !name.endsWith('_FILE')));
    expect(plain).toEqual(new Set(DOCUMENTED_OPTIONS.map(({ option }) => option.variable)));
  });
});

describe('headcount-collector config', () => {
  interface Setting {
    readonly option: string;
    readonly value: string | null;
    readonly from: string;
  }
  const run = (argv: string[], env: NodeJS.ProcessEnv = {}): string => {
    let printed = '';
    showConfig(argv, { env, print: (text) => (printed += text) });
    return printed;
  };
  const settings = (argv: string[], env: NodeJS.ProcessEnv = {}): readonly Setting[] =>
    (JSON.parse(run([...argv, '--json'], env)) as { options: Setting[] }).options;

  it('prints every option with its value and where it comes from', () => {
    const env = { HEADCOUNT_PORT: '9000', HEADCOUNT_HOST: '::1', HEADCOUNT_DATA: '' };
    const all = new Map(settings(['--port', '9001'], env).map((one) => [one.option, one]));
    expect(all.size).toBe(DOCUMENTED_OPTIONS.length);
    expect(all.get('--port')).toMatchObject({ value: '9001', from: '--port' });
    expect(all.get('--host')).toMatchObject({ value: '::1', from: 'HEADCOUNT_HOST' });
    expect(all.get('--data')).toMatchObject({ value: './headcount-data', from: 'default' });
    expect(all.get('--keep-alive')).toMatchObject({ value: '130s', from: 'default' });
    expect(all.get('--backup-dir')).toMatchObject({ value: null, from: 'default' });
  });

  it('prints only what is set, if it is asked to', () => {
    expect(run(['--changed', '--no-announce'], { HEADCOUNT_K: '20' })).toBe(
      'HEADCOUNT_ANNOUNCE  0   --no-announce\nHEADCOUNT_K         20  HEADCOUNT_K\n',
    );
    expect(run(['--changed'])).toBe('');
  });

  it('prints no secret, whether from a variable, a file or a flag', () => {
    const folder = temporaryFolder();
    const secret = 'a-secret-that-nobody-reads';
    writeFileSync(join(folder, 'token'), `${secret}\n`);
    const url = `https://hooks.acme.dev/${secret}`;
    const secrets = DOCUMENTED_OPTIONS.filter(({ option }) => option.isSecret);
    expect(secrets.map(({ option }) => option.variable)).toEqual(
      expect.arrayContaining(['HEADCOUNT_ADMIN_TOKEN', 'HEADCOUNT_ALERT_WEBHOOK']),
    );
    const env = {
      HEADCOUNT_ADMIN_TOKEN_FILE: join(folder, 'token'),
      HEADCOUNT_DIGEST_WEBHOOK: url,
    };
    for (const form of [[], ['--json'], ['--changed']]) {
      const printed = run(['--alert-webhook', url, ...form], env);
      expect(printed).not.toContain(secret);
      expect(printed).toContain('HEADCOUNT_ADMIN_TOKEN_FILE');
      expect(printed).toContain('--alert-webhook');
    }
    expect(run(['--changed'], { HEADCOUNT_ADMIN_TOKEN: secret })).toBe(
      'HEADCOUNT_ADMIN_TOKEN  (set, not shown)  HEADCOUNT_ADMIN_TOKEN\n',
    );
  });

  it('refuses what serve refuses', () => {
    expect(() => run(['--port', '99999'])).toThrow(ConfigError);
    expect(() => run(['--backup-keep', '3'])).toThrow(/--backup-dir/);
    expect(() => run(['--nonsense'])).toThrow(ConfigError);
  });
});
