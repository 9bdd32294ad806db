import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ConfigError } from '../../src/config.js';
import { loadConfig } from '../../src/load-config.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const HOOK = 'https://hooks.example/T000/s3cret';

describe('options about messages', () => {
  it('are nothing without any', () => {
    expect(loadConfig([], {})).toMatchObject({
      alertWebhook: [],
      alertWebhookFormat: ['json'],
      digestWebhook: [],
      digestWebhookFormat: ['json'],
      digestCommand: undefined,
      digestTo: [],
      digestFrom: undefined,
      digestDay: 'monday',
      digestHour: 8,
    });
  });

  it('read several webhooks, which may have commas, and their formats', () => {
    const urls = `${HOOK}?a=1,2, http://10.0.0.1:8080/x`;
    const argv = ['--alert-webhook', urls, '--alert-webhook-format', 'slack,json'];
    expect(loadConfig(argv, {})).toMatchObject({
      alertWebhook: [`${HOOK}?a=1,2`, 'http://10.0.0.1:8080/x'],
      alertWebhookFormat: ['slack', 'json'],
    });
    const file = join(temporaryFolder(), 'webhook');
    writeFileSync(file, `${HOOK}\n${HOOK}2\n`);
    expect(loadConfig([], { HEADCOUNT_ALERT_WEBHOOK_FILE: file }).alertWebhook).toEqual([
      HOOK,
      `${HOOK}2`,
    ]);
  });

  it.each([
    ['/usr/sbin/sendmail -t', ['/usr/sbin/sendmail', '-t']],
    [`  msmtp   -C '/etc/my conf'  -a "x y" `, ['msmtp', '-C', '/etc/my conf', '-a', 'x y']],
    ['a --b="c d"e ""', ['a', '--b=c de', '']],
    ['a $HOME;b|c `d` \\n', ['a', '$HOME;b|c', '`d`', '\\n']],
  ])('read the command %j', (text, command) => {
    const argv = ['--digest-command', text, '--digest-to', 'ada@acme.dev'];
    expect(loadConfig(argv, {}).digestCommand).toEqual(command);
  });

  it('keep mail addresses as they are', () => {
    const argv = ['--digest-command', 'x', '--digest-to', 'Ada.L@acme.dev, b+c@d.e'];
    expect(loadConfig(argv, {}).digestTo).toEqual(['Ada.L@acme.dev', 'b+c@d.e']);
  });

  it.each<[string[], string[]]>([
    [
      ['--alert-webhook', `ftp://x/s3cret`],
      ['--alert-webhook', 'http or https'],
    ],
    [
      ['--alert-webhook', `${HOOK}, s3cret`],
      ['--alert-webhook', 'HEADCOUNT_ALERT_WEBHOOK'],
    ],
    [['--alert-webhook', 'https://'], ['--alert-webhook']],
    [
      ['--alert-webhook-format', 'teams'],
      ['--alert-webhook-format', 'slack', '"teams"'],
    ],
    [
      ['--alert-webhook', HOOK, '--alert-webhook-format', 'slack,json'],
      ['--alert-webhook-format', 'one for each of the 1 webhooks', '"slack,json"'],
    ],
    [
      ['--digest-command', 'sendmail'],
      ['--digest-command', '--digest-to'],
    ],
    [
      ['--digest-to', 'a@b.c'],
      ['--digest-to', '--digest-command'],
    ],
    [
      ['--digest-from', 'a@b.c'],
      ['--digest-from', '--digest-command'],
    ],
    [['--digest-command', `a 'b`], ['--digest-command']],
    [['--digest-command', ' '], ['--digest-command']],
    [['--digest-to', 'a@b.c\nBcc: d@e.f'], ['--digest-to']],
    [['--digest-to', 'Ada <a@b.c>'], ['--digest-to']],
    [
      ['--digest-day', 'someday'],
      ['--digest-day', '"someday"'],
    ],
    [
      ['--digest-hour', '24'],
      ['--digest-hour', '0 to 23', '"24"'],
    ],
  ])('say what is wrong with %j, and no secret', (argv, words) => {
    const load = (): unknown => loadConfig(argv, {});
    expect(load).toThrow(ConfigError);
    for (const word of words) expect(load).toThrow(word);
    expect(load).not.toThrow('s3cret');
  });
});
