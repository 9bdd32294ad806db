import { once } from 'node:events';
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { Agent } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { connect, type ConnectionOptions, type TLSSocket } from 'node:tls';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  type Authority,
  type CertificateFiles,
  createAuthority,
  joinFiles,
} from '../support/certificates.js';
import { sendSecurely as send } from '../support/send-securely.js';
import { startCollector, type TestCollector } from '../support/start-collector.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { until } from '../support/until.js';

const HOST = 'stats.acme.test';
const CHECK_EVERY_MS = 20;

interface Serving {
  readonly collector: TestCollector;
  readonly port: number;
  /** The name in the certificate that a new connection gets. */
  readonly presented: () => Promise<string | undefined>;
}

async function serve({ cert, key }: CertificateFiles): Promise<Serving> {
  const collector = await startCollector({
    ...{ tlsCert: cert, tlsKey: key, checkTlsEveryMs: CHECK_EVERY_MS },
    now: () => new Date(),
  });
  await collector.app.listen({ port: 0, host: '127.0.0.1' });
  const { port } = collector.app.server.address() as AddressInfo;
  const presented = async (): Promise<string | undefined> => {
    const socket = await shake(port, { rejectUnauthorized: false });
    const subject = socket.getPeerX509Certificate()?.subject;
    socket.destroy();
    return subject;
  };
  return { collector, port, presented };
}

async function shake(port: number, options: ConnectionOptions): Promise<TLSSocket> {
  const socket = connect({ ...options, port, host: '127.0.0.1', servername: HOST });
  await once(socket, 'secureConnect');
  return socket;
}

/** The files of a pair as programs swap them. */
function placed(folder: string, pair: CertificateFiles): CertificateFiles {
  const files = { cert: join(folder, 'tls.crt'), key: join(folder, 'tls.key') };
  copyFileSync(pair.cert, files.cert);
  copyFileSync(pair.key, files.key);
  return files;
}

/** Points a link elsewhere in one step, as certbot and the kubelet do. */
function repoint(link: string, target: string): void {
  symlinkSync(target, `${link}.new`);
  renameSync(`${link}.new`, link);
}

const linesOf = (collector: TestCollector, text: string): number =>
  collector
    .log()
    .split('\n')
    .filter((line) => line.includes(text)).length;

function authority(): { readonly folder: string; readonly ca: Authority } {
  const folder = temporaryFolder();
  return { folder, ca: createAuthority(folder) };
}

describe('the certificate of a collector that speaks TLS', () => {
  it('counts reports of clients that trust the issuer, by TLS 1.2 and 1.3 and no older one', async () => {
    const { ca } = authority();
    const { collector, port } = await serve(ca.issue('one', HOST));
    const trusting = { ca: readFileSync(ca.cert) };
    for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
      const options = { ...trusting, minVersion: version, maxVersion: version };
      (await shake(port, options)).destroy();
      expect(await send(port, new Agent(options))).toBe(202);
    }
    const old = { ...trusting, minVersion: 'TLSv1', maxVersion: 'TLSv1.1' } as const;
    await expect(shake(port, { ...old, ciphers: 'DEFAULT@SECLEVEL=0' })).rejects.toThrow(
      /protocol version/,
    );
    await expect(shake(port, {})).rejects.toThrow(/unable to verify/);
    await expect(fetch(`http://127.0.0.1:${port}/livez`)).rejects.toThrow();
    await until('both are counted', async () => {
      const { body } = await collector.get('/v1/stats/summary?project=acme-cli');
      return body['total_users'] === 2;
    });
  });

  it.each<
    [string, (folder: string, ca: Authority) => { files: CertificateFiles; swap: () => void }]
  >([
    [
      'links to a newer file, as certbot does',
      (folder, ca) => {
        const [one, two] = [ca.issue('one', HOST), ca.issue('two', HOST)];
        const files = { cert: join(folder, 'fullchain.pem'), key: join(folder, 'privkey.pem') };
        symlinkSync(one.cert, files.cert);
        symlinkSync(one.key, files.key);
        return {
          files,
          swap: () => {
            repoint(files.key, two.key);
            repoint(files.cert, two.cert);
          },
        };
      },
    ],
    [
      'a link to a newer folder, as cert-manager’s secrets have',
      (folder, ca) => {
        for (const name of ['one', 'two']) {
          mkdirSync(join(folder, `..${name}`));
          placed(join(folder, `..${name}`), ca.issue(name, HOST));
        }
        symlinkSync('..one', join(folder, '..data'));
        symlinkSync('..data/tls.crt', join(folder, 'tls.crt'));
        symlinkSync('..data/tls.key', join(folder, 'tls.key'));
        return {
          files: { cert: join(folder, 'tls.crt'), key: join(folder, 'tls.key') },
          swap: () => {
            repoint(join(folder, '..data'), '..two');
            rmSync(join(folder, '..one'), { recursive: true });
          },
        };
      },
    ],
    [
      'the files written over, in a chain',
      (folder, ca) => {
        const files = placed(folder, ca.issue('one', HOST));
        const two = ca.issue('two', HOST);
        return {
          files,
          swap: () => {
            joinFiles([two.cert, ca.cert], files.cert);
            copyFileSync(two.key, files.key);
          },
        };
      },
    ],
  ])('renews the certificate under load without a dropped request: %s', async (_how, prepare) => {
    const { folder, ca } = authority();
    mkdirSync(join(folder, 'live'));
    const { files, swap } = prepare(join(folder, 'live'), ca);
    const { collector, port, presented } = await serve(files);
    const trusting = { ca: readFileSync(ca.cert) };
    const [kept, fresh] = [new Agent({ ...trusting, keepAlive: true }), new Agent(trusting)];
    onTestFinished(() => kept.destroy());
    const statuses: number[] = [];
    let ends = false;
    const senders = [kept, kept, fresh, fresh].map(async (agent) => {
      while (!ends) statuses.push(await send(port, agent));
    });
    await until('the load runs', () => statuses.length > 20);
    expect(await presented()).toBe('CN=one');
    swap();
    await until('the new certificate is used', async () => (await presented()) === 'CN=two');
    const before = statuses.length;
    await until('the load goes on', () => statuses.length > before + 20);
    ends = true;
    await Promise.all(senders);
    expect(new Set(statuses)).toEqual(new Set([202]));
    expect(linesOf(collector, 'certificate renewed')).toBe(1);
    expect(collector.log()).not.toContain('cannot be used');
  });

  it('warns of a key that every user can read, at the start and when it is renewed', async () => {
    const { folder, ca } = authority();
    mkdirSync(join(folder, 'live'));
    const files = placed(join(folder, 'live'), ca.issue('one', HOST));
    chmodSync(files.key, 0o640);
    const { collector, presented } = await serve(files);
    const text = 'every user of this machine can read the private key';
    expect(linesOf(collector, text)).toBe(0);
    placed(join(folder, 'live'), ca.issue('two', HOST));
    chmodSync(files.key, 0o644);
    await until('the new certificate is used', async () => (await presented()) === 'CN=two');
    await until('it is warned of', () => linesOf(collector, text) === 1);
    const { collector: next } = await serve(files);
    expect(next.log()).toMatch(/"level":"warn",.*"source":"tls",.*"file":"[^"]*tls\.key"/);
    expect(collector.log()).toMatch(/"source":"tls",.*"msg":"certificate renewed"/);
  });

  it('keeps the old pair until the new one is whole and its own, and says so once', async () => {
    const { folder, ca } = authority();
    mkdirSync(join(folder, 'live'));
    const files = placed(join(folder, 'live'), ca.issue('one', HOST));
    const two = ca.issue('two', HOST);
    const { collector, presented } = await serve(files);
    const chain = joinFiles([two.cert, ca.cert], join(folder, 'chain.pem'));
    const whole = readFileSync(chain);

    const steps: [code: string, step: () => void][] = [
      ['tls_key_mismatch', () => copyFileSync(chain, files.cert)],
      ['tls_cert_malformed', () => truncateSync(files.cert, whole.length - 40)],
      ['tls_cert_malformed', () => truncateSync(files.cert, 100)],
      ['tls_cert_malformed', () => truncateSync(files.cert, 0)],
      ['tls_cert_unreadable', () => rmSync(files.cert)],
      ['tls_key_malformed', () => (writeFileSync(files.cert, whole), truncateSync(files.key, 60))],
      ['tls_key_unreadable', () => rmSync(files.key)],
    ];
    for (const [code, step] of steps) {
      step();
      await until(`${code} is known`, () => collector.certificate?.refused?.code === code);
      expect(await presented()).toBe('CN=one');
    }
    const refusals = linesOf(collector, 'the old one stays in use');
    expect(refusals).toBeLessThanOrEqual(steps.length);
    copyFileSync(two.key, files.key);
    await until('the new pair is used', async () => (await presented()) === 'CN=two');
    expect(collector.certificate?.refused).toBeUndefined();
    expect(linesOf(collector, 'the old one stays in use')).toBe(refusals);
    expect(collector.log()).not.toContain('PRIVATE KEY');
  });

  it('is a condition: a warning 14 days before its end, and while a new one is not taken', async () => {
    const { folder, ca } = authority();
    mkdirSync(join(folder, 'live'));
    const files = placed(join(folder, 'live'), ca.issue('one', HOST, 13));
    const { collector } = await serve(files);
    const condition = async (): Promise<Record<string, unknown>> => {
      const { warnings } = (await collector.get('/health')).body as {
        warnings: Record<string, Record<string, unknown>>;
      };
      return warnings['certificate'] ?? {};
    };
    expect(await condition()).toMatchObject({ state: 'warning', threshold: 14 * 24 * 3600 });
    expect((await condition())['reason']).toMatch(/expires at .*, in 12 days/);
    const long = ca.issue('long', HOST, 20);
    copyFileSync(long.cert, files.cert);
    copyFileSync(long.key, files.key);
    await until('it is well', async () => (await condition())['state'] === 'ok');
    copyFileSync(ca.key, files.key);
    await until('the foreign key is told', async () =>
      String((await condition())['reason']).includes('tls_key_mismatch'),
    );
    expect((await collector.get('/health')).status).toBe(200);
  });

  it('does not take an expired certificate in the place of a valid one', async () => {
    const { folder, ca } = authority();
    mkdirSync(join(folder, 'live'));
    const files = placed(join(folder, 'live'), ca.issue('one', HOST));
    const { collector, presented } = await serve(files);
    const old = ca.issue('old', HOST, -1);
    copyFileSync(old.key, files.key);
    copyFileSync(old.cert, files.cert);
    await until('it is refused', () => collector.certificate?.refused?.code === 'tls_cert_expired');
    expect(await presented()).toBe('CN=one');
  });

  it('starts with an expired certificate, says so, and takes its renewal', async () => {
    const { folder, ca } = authority();
    mkdirSync(join(folder, 'live'));
    const files = placed(join(folder, 'live'), ca.issue('old', HOST, -1));
    const { collector, port, presented } = await serve(files);
    expect(collector.log()).toContain('tls_cert_expired');
    const agent = new Agent({ ca: readFileSync(ca.cert) });
    await expect(send(port, agent)).rejects.toThrow(/expired/);
    const one = ca.issue('one', HOST);
    copyFileSync(one.cert, files.cert);
    copyFileSync(one.key, files.key);
    await until('the renewal is used', async () => (await presented()) === 'CN=one');
    expect(await send(port, agent)).toBe(202);
  });
});
