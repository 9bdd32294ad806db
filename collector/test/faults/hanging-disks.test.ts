import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as wait } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { afterEach, expect, it } from 'vitest';
import { readErasures } from '../../src/erasures/erasures-file.js';
import { withToken } from '../support/admin-token.js';
import { createAuthority } from '../support/certificates.js';
import { COUNTRY_LINES } from '../support/country-table.js';
import { buildHangingMounts } from '../support/hanging-mount.js';
import { bearer, fullReport, PROOF, reportId } from '../support/reports.js';
import { startProcess } from '../support/start-process.js';
import { type AtEnd, temporaryFolder } from '../support/temporary-folder.js';
import { until } from '../support/until.js';

const ended: (() => void | Promise<void>)[] = [];
const atEnd: AtEnd = (end) => void ended.push(end);

// One after the other, since a folder is removed only once nothing is mounted on it.
afterEach(async () => {
  for (const end of ended.splice(0).reverse()) await end();
});

interface Answer {
  readonly status: number;
  readonly body: string;
  readonly tookMs: number;
}

interface Asked {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: Buffer;
}

function ask(url: string, { method = 'GET', headers = {}, body }: Asked = {}): Promise<Answer> {
  const startedAt = performance.now();
  return new Promise((resolve, reject) => {
    const options = { method, headers, rejectUnauthorized: false };
    const sending = request(url, options, (response: IncomingMessage) => {
      text(response).then((answered) => {
        const tookMs = performance.now() - startedAt;
        resolve({ status: response.statusCode ?? 0, body: answered, tookMs });
      }, reject);
    });
    sending.on('error', reject);
    sending.end(body);
  });
}

/** Unpacked by the threads that also ask disks. */
const send = (url: string, anonymous_id = reportId()): Promise<Answer> =>
  ask(`${url}/v1/reports`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' },
    body: gzipSync(JSON.stringify({ reports: [fullReport({ anonymous_id })] })),
  });

const erase = (url: string, id: string): Promise<Answer> =>
  ask(`${url}/v1/users/${id}?project=acme-cli`, { method: 'DELETE', headers: bearer(PROOF) });

type Warnings = Record<string, { state: string; reason: string | null }>;

const readWarnings = (health: string): Warnings =>
  (JSON.parse(health) as { warnings: Warnings }).warnings;

it('takes reports and answers probes while the disks of backups, certificate and table hang', async () => {
  const { hang, release } = buildHangingMounts(atEnd);
  const root = temporaryFolder(atEnd);
  const folderOf = (name: string): string => {
    mkdirSync(join(root, name), { recursive: true });
    return join(root, name);
  };
  const [backups, usb, old, certs, tables] = ['backups', 'usb', 'old', 'certs', 'tables'].map(
    folderOf,
  ) as [string, string, string, string, string];
  const data = folderOf('data');
  const { cert, key } = createAuthority(root).issue('server', 'localhost');
  const own = { cert: join(certs, 'cert.pem'), key: join(certs, 'key.pem') };
  copyFileSync(cert, own.cert);
  copyFileSync(key, own.key);
  writeFileSync(join(tables, 'countries.csv'), `${COUNTRY_LINES.join('\n')}\n`);
  const options = ['--port', '0', '--data', data, '--no-announce', '--backup-dir', backups];
  const collector = await startProcess(
    [
      ...[...options, '--tls-cert', own.cert, '--tls-key', own.key],
      ...['--country-table', join(tables, 'countries.csv')],
    ],
    {},
    { atEnd },
  );
  const url = (await collector.url()).replace('127.0.0.1', 'localhost');
  const [first, second, third] = [reportId(), reportId(), reportId()];
  for (const id of [first, second, third]) expect((await send(url, id)).status).toBe(202);
  for (const folder of [usb, old]) {
    const args = ['backup', join(folder, 'a.db'), '--data', data];
    expect(await (await startProcess(args, {}, { atEnd })).ended).toBe(0);
  }
  expect((await erase(url, first)).status).toBe(202);

  for (const folder of [backups, usb, old, certs, tables]) await hang(folder);
  const erased = erase(url, second);
  const lives: number[] = [];
  // Longer than every disk is looked at twice.
  for (const end = performance.now() + 15_000; performance.now() < end; await wait(50)) {
    const { status, tookMs } = await ask(`${url}/livez`);
    expect(status).toBe(200);
    lives.push(tookMs);
    if (lives.length % 10 !== 0) continue;
    expect((await send(url)).status).toBe(202);
    expect((await ask(`${url}/readyz`)).status).toBe(200);
  }
  lives.sort((a, b) => a - b);
  expect(lives[Math.floor(lives.length * 0.99)]).toBeLessThan(200);
  // It cannot be kept beside the regular backups, and that is said in time.
  const { status, tookMs } = await erased;
  expect(status).toBe(503);
  expect(tookMs).toBeLessThan(12_000);
  const health = await ask(`${url}/health`, { headers: withToken() });
  expect(health.tookMs).toBeLessThan(6000);
  const { backup, certificate } = readWarnings(health.body);
  expect(backup).toMatchObject({ state: 'warning' });
  expect(backup?.reason).toContain(`${backups} does not answer`);
  expect(backup?.reason).toMatch(/(usb|old) waits for \S+(usb|old), which does not answer/);
  expect(certificate?.reason).toContain('does not answer');

  // It ends although the system still holds what it has asked.
  const stoppedAt = performance.now();
  collector.child.kill('SIGTERM');
  expect(['SIGTERM', 0]).toContain(await collector.ended);
  expect(performance.now() - stoppedAt).toBeLessThan(20_000);

  // A start goes on without the folders, and they get everything when they are back.
  const next = await startProcess(options, {}, { atEnd });
  const plain = await next.url();
  expect((await fetch(`${plain}/livez`)).status).toBe(200);
  await release();
  await until('the folders are back', async () => {
    const answer = await fetch(`${plain}/health`, { headers: withToken() });
    return !/answer/.test(readWarnings(await answer.text())['backup']?.reason ?? '');
  });
  const gone = `${plain}/v1/users/${third}?project=acme-cli`;
  expect((await fetch(gone, { method: 'DELETE', headers: bearer(PROOF) })).status).toBe(202);
  for (const folder of [backups, usb, old]) {
    await until(
      'it has all deletions',
      async () => (await readErasures(join(folder, 'erasures')))?.lines.length === 3,
    );
  }
});
