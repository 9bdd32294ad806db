import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Manifest } from 'headcount/wire';
import { describe, expect, it } from 'vitest';
import { startNamespace } from '../../../test/support/namespace.js';
import { ask } from '../support/ask-counts.js';
import { createCountsV2 } from '../support/counts-v2.js';
import { createChecker, type OpenapiDocument } from '../support/openapi.js';
import { postFor } from '../support/post-answer.js';
import { fullReport, reportId } from '../support/reports.js';
import { startProcess } from '../support/start-process.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { until } from '../support/until.js';

const TOKEN = 'the-administrator-of-tests';
const MANIFEST: Manifest = {
  manifest_version: 1,
  project: 'acme-cli',
  report: {},
  events: { startup: { description: 'The program starts.', fields: {} } },
};
const TMPFS = 'mount -t tmpfs -o size=24m,mode=700 tmpfs "$1"';
const report = () => fullReport({ anonymous_id: reportId() });

describe('a data folder', () => {
  it('that is full and has room again: 507, answers meanwhile, recovery by itself, an exact count', async () => {
    const data = temporaryFolder();
    const { wrapper, path } = await startNamespace(TMPFS, data);
    const args = ['--port', '0', '--log-level', 'error', '--data', data];
    const first = await startProcess(args, {}, { wrapper });
    const url = await first.url();
    let acknowledged = 0;
    const sendUntil = async (end: number): Promise<{ status: number; code: unknown }> => {
      for (;;) {
        const reports = Array.from({ length: 100 }, report);
        const answer = await postFor(`${url}/v1/reports`, { reports });
        if (answer.status === 202) acknowledged += reports.length;
        if (answer.status === end) return answer;
      }
    };
    await sendUntil(202);
    for (let round = 0; round < 2; round++) {
      execFileSync('sh', [
        '-c',
        `dd if=/dev/zero of="${path(join(data, 'fill'))}" bs=4k 2>/dev/null || true`,
      ]);
      expect(await sendUntil(507)).toMatchObject({ code: 'disk_full', retryAfter: '60' });
      expect((await fetch(`${url}/health`)).status).toBe(503);
      expect((await fetch(`${url}/stats`)).status).toBe(200);
      rmSync(path(join(data, 'fill')));
      await sendUntil(202);
    }
    await until('everything is counted', async () => {
      return (await ask(url)).total_reports >= acknowledged;
    });
    expect(await ask(url)).toEqual({ total_reports: acknowledged, total_users: acknowledged });
    expect((await fetch(`${url}/health`)).status).toBe(200);
    first.child.kill('SIGKILL');
    await first.ended;
    const again = await (await startProcess(args, {}, { wrapper })).url();
    await until('it has caught up', async () => {
      return (await ask(again)).total_reports >= acknowledged;
    });
    expect((await ask(again)).total_reports).toBe(acknowledged);
  });

  it('that is full takes nothing from the administrator, says so, and keeps what it had', async () => {
    const data = temporaryFolder();
    const { wrapper, path } = await startNamespace(TMPFS, data);
    const args = ['--port', '0', '--data', data];
    const env = { HEADCOUNT_ADMIN_TOKEN: TOKEN };
    const { url, child, ended, stdout } = await startProcess(args, env, { wrapper });
    const document = (await (await fetch(`${await url()}/openapi.json`)).json()) as OpenapiDocument;
    const checker = createChecker(document);
    const administrate = async (method: string, place = '', body?: unknown) => {
      const answer = await fetch(`${await url()}/v1/projects/acme-cli${place}`, {
        method,
        headers: {
          authorization: `Bearer ${TOKEN}`,
          ...(body !== undefined && { 'content-type': 'application/json' }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      const { status, headers } = answer;
      const text = await answer.text();
      const name = `${method} /v1/projects/{project}${place}`;
      checker.check(name, { status, headers: Object.fromEntries(headers), text });
      const { code } = (text === '' ? {} : JSON.parse(text)) as { code?: unknown };
      return { status, code, retryAfter: headers.get('retry-after'), text };
    };
    const full = { status: 507, code: 'disk_full', retryAfter: '60' };

    expect(await administrate('PUT', '', { status: 'open' })).toMatchObject({ status: 201 });
    expect(await administrate('POST', '/write-key')).toMatchObject({ status: 201 });
    const before = await administrate('GET');
    execFileSync('sh', ['-c', `dd if=/dev/zero of="${path(join(data, 'fill'))}" bs=4k || true`], {
      stdio: 'ignore',
    });
    expect(await administrate('PUT', '/manifest', MANIFEST)).toMatchObject(full);
    expect(await administrate('PUT', '', { status: 'closed' })).toMatchObject(full);
    expect(await administrate('POST', '/write-key')).toMatchObject(full);
    expect(await administrate('DELETE', '/write-key')).toMatchObject(full);
    expect(stdout()).toMatch(/"error":.*ENOSPC.*"msg":"the disk failed"/);
    expect(await administrate('GET')).toEqual(before);
    rmSync(path(join(data, 'fill')));
    expect(await administrate('PUT', '/manifest', MANIFEST)).toMatchObject({ status: 200 });
    expect(await administrate('PUT', '', { status: 'closed' })).toMatchObject({ status: 200 });
    const files = readdirSync(path(data), { recursive: true, encoding: 'utf8' });
    expect(files.filter((name) => name.endsWith('.draft'))).toEqual([]);
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
  });

  it('that is read-only is refused at the start, with the option to change', async () => {
    const data = temporaryFolder();
    writeFileSync(join(data, 'x'), '');
    const script = 'mount --bind "$1" "$1"; mount -o remount,bind,ro "$1"';
    const { wrapper } = await startNamespace(script, data);
    const { ended, stderr } = await startProcess(['--port', '0', '--data', data], {}, { wrapper });
    expect(await ended).toBe(1);
    expect(stderr()).toMatch(/cannot be written .*EROFS.*--data or HEADCOUNT_DATA/s);
    expect(stderr()).not.toMatch(/^\s+at /m);
  });

  it.each([
    ['a snapshot', '700k'],
    ['a change of its schema', '1100k'],
  ])('that has no room for %s starts nothing and is left as it was', async (_what, size) => {
    const [data, original] = [temporaryFolder(), temporaryFolder()];
    createCountsV2(original, 5000);
    const script = `mount -t tmpfs -o size=${size},mode=700 tmpfs "$1"; cp ${original}/counts.db ${original}/journal.db ${original}/pepper "$1"`;
    const { wrapper, path } = await startNamespace(script, data);
    const files = (): string[] =>
      readdirSync(path(data)).filter((name) => !/-(wal|shm)$/.test(name));
    const before = readFileSync(path(join(data, 'counts.db')), 'latin1');
    const { ended, stderr } = await startProcess(['--port', '0', '--data', data], {}, { wrapper });
    expect(await ended).toBe(1);
    expect(stderr()).toMatch(/counts\.db must be brought from schema 2 to \d.* no room.*Make room/);
    expect(stderr()).not.toMatch(/^\s+at /m);
    expect(readFileSync(path(join(data, 'counts.db')), 'latin1')).toBe(before);
    expect(files()).toEqual(['counts.db', 'journal.db', 'lock', 'lock.holder', 'pepper']);
  });
});
