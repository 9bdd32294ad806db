import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { CLI, importBuilt } from '../support/built.js';
import { readCsv } from '../support/read-csv.js';
import { fullReport, reportId } from '../support/reports.js';
import { type Answer, startCollector } from '../support/start-collector.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const TOKEN = 'the-administrator-of-tests';
const ADMIN = { authorization: `Bearer ${TOKEN}` };
const DAY_MS = 86_400_000;
const START = Date.parse('2026-11-22T12:00:00Z');

/** Three people over ten days, and a farm. */
async function fill() {
  let now = START;
  const collector = await startCollector({ adminToken: TOKEN, now: () => new Date(now) });
  // No client gets a formula in by itself: a version has a pattern.
  const listed = await collector.app.inject({
    method: 'PUT',
    url: '/v1/projects/acme-cli/manifest',
    headers: { ...ADMIN, 'content-type': 'application/json' },
    payload: {
      manifest_version: 1,
      project: 'acme-cli',
      report: {},
      events: { startup: { description: 'The program starts.', fields: {} } },
      facts: { version: ['1.*', '2.*', '=cmd|calc'] },
    },
  });
  expect([listed.statusCode, listed.body]).toEqual([200, expect.any(String)]);
  const visits: [day: number, user: string, version: string][] = [
    [0, 'ada', '1.0.0'],
    [0, 'bob', '1.0.0'],
    [3, 'ada', '2.0.0'],
    [4, 'ci-github-actions', '2.0.0'],
    [9, 'ada', '=cmd|calc'],
    [9, 'eve', '2.0.0'],
  ];
  for (const [day, anonymous_id, version] of visits) {
    now = START + day * DAY_MS;
    const { info, ...rest } = fullReport({ anonymous_id, report_id: reportId(now) });
    const report = { ...rest, timestamp: new Date(now).toISOString(), info: { ...info, version } };
    expect((await collector.post('/v1/reports', report)).status).toBe(202);
  }
  await collector.get('/v1/stats/summary');
  const get: (url: string, headers?: Record<string, string>) => Promise<Answer> = (url, headers) =>
    collector.get(url, headers);
  return { get, data: collector.data };
}

const linesOf = (text: string) =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

describe('an export', () => {
  it.each(['users', 'days', 'events', 'rollups', 'reports', 'quality'])(
    'of %s has every report that was acknowledged before it, and says up to when',
    async (what) => {
      const now = new Date('2026-12-01T12:00:00Z');
      const collector = await startCollector({ now: () => now, adminToken: TOKEN });
      const export_ = () => collector.get(`/v1/export?what=${what}`, ADMIN);
      expect(linesOf((await export_()).text)).toHaveLength(0);
      for (const round of [1, 2, 3]) {
        const reports = Array.from({ length: 500 }, (_, n) => ({
          ...fullReport({ anonymous_id: `a${round}-${n}`, project: `p${round}` }),
          timestamp: now.toISOString(),
        }));
        const { status } = await collector.post('/v1/reports', { reports });
        expect(status).toBe(202);
        const { text, headers } = await export_();
        expect(linesOf(text).filter(({ project }) => project === `p${round}`)).not.toEqual([]);
        expect(headers['headcount-as-of']).toBe(now.toISOString());
      }
    },
  );

  it('is the administrator’s alone', async () => {
    const { get } = await fill();
    for (const what of ['users', 'days', 'events', 'rollups', 'reports', 'quality']) {
      expect((await get(`/v1/export?what=${what}`)).status).toBe(401);
    }
  });

  it('gives the same figures as the questions, counted by a naive script', async () => {
    const { get } = await fill();
    const days = linesOf((await get('/v1/export?what=days', ADMIN)).text);
    const people = days.filter((row) => row['ci'] === false);
    const activeOn = (from: string, to: string): number =>
      new Set(
        people
          .filter(({ date }) => String(date) >= from && String(date) <= to)
          .map(({ uid }) => uid),
      ).size;
    const { body } = await get('/v1/stats/summary');
    expect(body).toMatchObject({
      total_users: new Set(people.map(({ uid }) => uid)).size,
      daily_active_users: activeOn('2026-12-01', '2026-12-01'),
      weekly_active_users: activeOn('2026-11-25', '2026-12-01'),
      monthly_active_users: activeOn('2026-11-04', '2026-12-01'),
    });
    expect(body['total_users']).toBe(3);
    const series = (await get('/v1/stats/timeseries?from=2026-11-22&to=2026-12-01&window=7d')).body;
    for (const row of series['rows'] as { date: string; value: number }[]) {
      const from = new Date(Date.parse(row.date) - 6 * DAY_MS).toISOString().slice(0, 10);
      expect([row.date, row.value]).toEqual([row.date, activeOn(from, row.date)]);
    }
    const reports = linesOf((await get('/v1/export?what=reports', ADMIN)).text);
    expect(reports.reduce((sum, row) => sum + Number(row['reports']), 0)).toBe(6);
    const quality = linesOf((await get('/v1/export?what=quality', ADMIN)).text);
    expect(quality.filter(({ kind }) => kind === 'accepted')).toHaveLength(4);
    const users = linesOf((await get('/v1/export?what=users', ADMIN)).text);
    expect(users).toHaveLength(4);
    const other = await get('/v1/export?what=users&project=nobody', ADMIN);
    expect(other).toMatchObject({ status: 200, text: '' });
  });

  it('holds no ID, owner or formula, and is the same every time, also as CSV', async () => {
    const { get } = await fill();
    for (const what of ['users', 'days', 'events', 'rollups', 'reports', 'quality']) {
      const url = `/v1/export?what=${what}`;
      const { text } = await get(url, ADMIN);
      expect((await get(url, ADMIN)).text).toBe(text);
      expect(text).not.toMatch(/\bada\b|owner/);
      const csv = (await get(`${url}&format=csv`, ADMIN)).text;
      const [head = [], ...rows] = readCsv(csv);
      expect(rows).toHaveLength(linesOf(text).length);
      expect(head).toEqual(Object.keys(linesOf(text)[0] ?? {}));
      expect(csv).not.toMatch(/(^|,)=cmd/m);
    }
    expect((await get('/v1/export?what=users&format=csv', ADMIN)).text).toContain("'=cmd|calc");
    const days = linesOf((await get('/v1/export?what=days', ADMIN)).text);
    const first = days.find(({ date }) => date === '2026-11-22');
    expect(first).toEqual({
      project: 'acme-cli',
      uid: expect.stringMatching(/^[\da-f]{32}$/) as string,
      date: '2026-11-22',
      ci: false,
      os: 'Linux',
      version: '1.0.0',
      certainty: 'certain',
      os_version: '6.18',
      arch: 'x64',
      runtime: 'node',
      runtime_version: '20.20',
      container: 'false',
      wsl: 'false',
      agent: 'unknown',
      channel: 'npm',
      level: 'full',
      country: 'unknown',
    });
  });

  it('is written by the command, beside a running collector, as by the API', async () => {
    await importBuilt();
    const { data, get } = await fill();
    const out = join(temporaryFolder(), 'days.ndjson');
    const run = async (...args: string[]) =>
      promisify(execFile)(process.execPath, [CLI, ...args], { env: { HOME: temporaryFolder() } });
    await run('export', '--data', data, '--what', 'days', '--out', out);
    const { text } = await get('/v1/export?what=days', ADMIN);
    expect(readFileSync(out, 'utf8')).toBe(text);
    const { stdout, stderr } = await run('export', '--data', data, '--format', 'csv');
    expect(stdout).toBe((await get('/v1/export?what=users&format=csv', ADMIN)).text);
    expect(stderr).toBe('');
    await expect(run('export', '--data', data, '--what', 'secrets')).rejects.toThrow(
      /--what must be one of users, days.*given: "secrets"/,
    );
    await expect(run('export', '--data', '/nowhere')).rejects.toThrow(/There are no counts/);
    const dry = await run('retention', '--dry-run', '--data', data, '--keep-activity', '66d');
    expect(dry.stdout).toMatch(/^activity \(kept 66d\): 0 rows would go/m);
    await expect(run('retention', '--data', data)).rejects.toThrow(/POST \/v1\/retention\/runs/);
    await expect(
      run('retention', '--dry-run', '--data', data, '--keep-keys', '34d'),
    ).rejects.toThrow(/--keep-keys.*at least 35d/);
    expect(existsSync(join(data, 'counts.db'))).toBe(true);
  });
});
