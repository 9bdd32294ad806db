import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { Agent } from 'node:https';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Authority, createAuthority, encryptKey, joinFiles } from '../support/certificates.js';
import { sendSecurely } from '../support/send-securely.js';
import { startProcess } from '../support/start-process.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { until } from '../support/until.js';

const HOST = 'stats.acme.test';

interface Said {
  readonly code: number | NodeJS.Signals | null;
  readonly out: string;
  readonly err: string;
}

async function run(args: readonly string[], env: Record<string, string> = {}): Promise<Said> {
  const command = await startProcess(args, env);
  const code = await command.ended;
  return { code, out: command.stdout(), err: command.stderr() };
}

describe('headcount-collector with --tls-cert and --tls-key', () => {
  it('announces https, and its own commands reach it by whatever certificate it has, renewed or not', async () => {
    const folder = temporaryFolder();
    const [data, home] = [join(folder, 'data'), join(folder, 'home')];
    mkdirSync(home);
    const ca = createAuthority(folder);
    const files = { cert: join(folder, 'tls.crt'), key: join(folder, 'tls.key') };
    const place = (name: string): void => {
      const pair = ca.issue(name, HOST);
      copyFileSync(pair.cert, files.cert);
      copyFileSync(pair.key, files.key);
    };
    place('one');
    const collector = await startProcess(
      ['serve', '--port', '0', '--data', data, '--tls-cert', files.cert, '--tls-key', files.key],
      { HOME: home },
    );
    const url = await collector.url();
    expect(url).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/);
    const isWarned = (): boolean => collector.stderr().includes('HEADCOUNT_ENDPOINT=https://');
    await until('it says how programs find it', isWarned);

    const agent = new Agent({ ca: readFileSync(ca.cert) });
    expect(await sendSecurely(Number(new URL(url).port), agent)).toBe(202);
    const asks: [args: string[], env: Record<string, string>][] = [
      [['stats', '--data', data], {}],
      [['stats'], { HOME: home }],
      [['annotation', 'list', '--project', 'acme-cli', '--data', data], {}],
      [['clean', 'list', '--data', data], {}],
    ];
    for (const [args, env] of asks)
      expect(await run(args, env)).toMatchObject({ code: 0, err: '' });

    // By its URL, as anybody would, a certificate has to be trusted and for that name.
    const stranger = await run(['stats', '--url', url]);
    expect(stranger.code).toBe(1);
    expect(stranger.err).toContain('--data');
    const trusting = { NODE_EXTRA_CA_CERTS: ca.cert };
    const wrongName = await run(['stats', '--url', url], trusting);
    expect(wrongName.err).toContain('ERR_TLS_CERT_ALTNAME_INVALID');

    place('two');
    await until('it is renewed', () => collector.stdout().includes('certificate renewed'));
    for (const [args, env] of asks)
      expect(await run(args, env)).toMatchObject({ code: 0, err: '' });

    // Another program with another certificate at the same address does not get the token.
    const address = join(data, 'collector.json');
    const text = readFileSync(address, 'utf8');
    writeFileSync(address, text.replace(/("fingerprint":")../, '$100'));
    const wrong = await run(['stats', '--data', data]);
    expect(wrong).toMatchObject({ code: 1, out: '' });
    expect(wrong.err).toContain('another certificate');

    collector.child.kill('SIGTERM');
    expect(await collector.ended).toBe(0);
  });

  it.each<[string, string, (folder: string, ca: Authority) => readonly (string | undefined)[]]>([
    [
      'the key of another certificate',
      'tls_key_mismatch',
      (_folder, ca) => [ca.issue('one', HOST).cert, ca.issue('two', HOST).key],
    ],
    [
      'an encrypted key',
      'tls_key_encrypted',
      (folder, ca) => {
        const one = ca.issue('one', HOST);
        return [one.cert, encryptKey(one, join(folder, 'encrypted.key'))];
      },
    ],
    [
      'the two files in each other’s place',
      'tls_cert_malformed',
      (_folder, ca) => {
        const one = ca.issue('one', HOST);
        return [one.key, one.cert];
      },
    ],
    [
      'the issuer before the server in the chain',
      'tls_chain_order',
      (folder, ca) => {
        const one = ca.issue('one', HOST);
        return [joinFiles([ca.cert, one.cert], join(folder, 'chain.pem')), one.key];
      },
    ],
    [
      'a file that is not there',
      'tls_cert_unreadable',
      (folder, ca) => [join(folder, 'missing.pem'), ca.issue('one', HOST).key],
    ],
    ['a folder', 'tls_key_unreadable', (folder, ca) => [ca.issue('one', HOST).cert, folder]],
    [
      'something else than a key',
      'tls_key_malformed',
      (folder, ca) => {
        const file = join(folder, 'text');
        writeFileSync(file, 'hello\n');
        return [ca.issue('one', HOST).cert, file];
      },
    ],
    [
      'no key',
      '--tls-key (or HEADCOUNT_TLS_KEY) is not',
      (_folder, ca) => [ca.issue('one', HOST).cert, undefined],
    ],
    [
      'no certificate',
      '--tls-cert (or HEADCOUNT_TLS_CERT) is not',
      (_folder, ca) => [undefined, ca.issue('one', HOST).key],
    ],
  ])('says what is wrong and ends with 1: %s', async (_what, code, prepare) => {
    const folder = temporaryFolder();
    const [cert, key] = prepare(folder, createAuthority(folder));
    const data = join(folder, 'data');
    const collector = await startProcess(['serve', '--port', '0', '--data', data], {
      ...(cert !== undefined && { HEADCOUNT_TLS_CERT: cert }),
      ...(key !== undefined && { HEADCOUNT_TLS_KEY: key }),
    });
    expect(await collector.ended).toBe(1);
    expect(collector.stderr()).toContain(code);
    expect(collector.stderr()).toContain('--tls-cert (or HEADCOUNT_TLS_CERT)');
    expect(collector.stderr()).not.toMatch(/^\s+at |PRIVATE KEY/m);
    expect(collector.stdout()).toBe('');
  });
});
