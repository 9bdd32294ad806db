import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { withToken } from '../support/admin-token.js';
import { reportVisits, type Visit } from '../support/report-visits.js';
import { fullReport } from '../support/reports.js';
import { startCollector, type TestCollector } from '../support/start-collector.js';
import { startProcess, type CollectorProcess } from '../support/start-process.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { until } from '../support/until.js';

const HOUR_MS = 3_600_000;
const YESTERDAY = '2026-11-21';

/** Every kind of public answer about the dimensions that the victim of these tests changes. */
const QUESTIONS = [
  ...['os', 'version', 'arch'].flatMap((dimension) => [
    `/v1/stats/breakdown?project=acme-cli&dimension=${dimension}`,
    `/v1/stats/breakdown?project=acme-cli&dimension=${dimension}&window=1d`,
    `/v1/stats/timeseries?project=acme-cli&group_by=${dimension}`,
    `/v1/stats/adoption?project=acme-cli&dimension=${dimension}&window=7d`,
  ]),
];

describe('public distributions of a collector that is killed and started again', () => {
  it('stay the same for the day', async () => {
    // A zone in which it is about noon, so that no day ends meanwhile.
    const hours = new Date().getUTCHours() - 12;
    const zone = `Etc/GMT${hours < 0 ? '' : '+'}${hours}`;
    const args = ['serve', '--port', '0', '--data', temporaryFolder(), '--timezone', zone];
    const start = (): Promise<CollectorProcess> =>
      startProcess([...args, '--visibility', 'detailed', '--log-level', 'silent']);
    const yesterday = new Date(Date.now() - 24 * HOUR_MS).toISOString();
    const first = await start();
    await send(await first.url(), [
      ...crowd(120, { os: 'Linux', version: '1.0.0' }, yesterday),
      ...crowd(90, { os: 'Darwin', version: '2.0.0' }, yesterday),
    ]);
    const before = await answersOf(await first.url());
    expect(before[0]).toMatchObject({ rows: [{ count: 120 }, { count: 90 }] });
    // A single person, who comes late.
    await send(await first.url(), crowd(1, { os: 'Linux', version: '2.0.0' }, yesterday, 'late'));
    expect(await answersOf(await first.url())).toEqual(before);
    first.child.kill('SIGKILL');
    await first.ended;
    const second = await start();
    const url = await second.url();
    expect(await answersOf(url)).toEqual(before);
    // Totals are exact and current.
    expect(await get(`${url}/v1/stats/summary?project=acme-cli`)).toMatchObject({
      total_users: 211,
      os_distribution: { Linux: 120, Darwin: 90 },
      version_distribution: { '1.0.0': 120, '2.0.0': 90 },
    });
  }, 30_000);
});

describe('public distributions', () => {
  /** Starts a collector on a folder, and again on the same. */
  const onOneFolder = (): ((options?: {
    k?: number;
    now?: () => Date;
  }) => Promise<TestCollector>) => {
    const data = temporaryFolder();
    return (options = {}) => startCollector({ data, visibility: 'detailed', ...options });
  };
  const visits = (people: number, version: string): Visit[] =>
    Array.from({ length: people }, (_, n) => ({
      ...{ user: `${version}-${n}`, at: YESTERDAY, version },
    }));
  const versions = async (collector: TestCollector): Promise<Record<string, number>> => {
    const url = '/v1/stats/breakdown?project=acme-cli&dimension=version';
    const { body } = await collector.stranger(url);
    const rows = body['rows'] as { value: string; count: number }[];
    return Object.fromEntries(rows.map(({ value, count }) => [value, count]));
  };

  it('do not show who deletes their data: the next day is without them', async () => {
    const start = onOneFolder();
    let collector = await start();
    const proof = 'a'.repeat(64);
    const owner = createHash('sha256').update(proof).digest('hex').slice(0, 32);
    await reportVisits(collector, [...visits(40, '1.0.0'), ...visits(30, '2.0.0')]);
    const own = { ...fullReport({ anonymous_id: 'somebody' }), owner };
    const { status } = await collector.post('/v1/reports', {
      ...own,
      timestamp: `${YESTERDAY}T12:00:00Z`,
      info: { ...own.info, version: '2.0.0' },
    });
    expect(status).toBe(202);
    expect(await versions(collector)).toEqual({ '1.0.0': 40, '2.0.0': 31 });
    const gone = await collector.delete('/v1/users/somebody?project=acme-cli', withToken(proof));
    expect(gone.status).toBeLessThan(300);
    expect(await versions(collector)).toEqual({ '1.0.0': 40, '2.0.0': 31 });
    await collector.close();
    collector = await start();
    expect(await versions(collector)).toEqual({ '1.0.0': 40, '2.0.0': 31 });
    await collector.close();
    collector = await start({ now: () => new Date('2026-11-23T21:00:00Z') });
    expect(await versions(collector)).toEqual({ '1.0.0': 40, '2.0.0': 30 });
  });

  it('follow a cleaning and its undo at once, and after a restart', async () => {
    const start = onOneFolder();
    let collector = await start();
    await reportVisits(collector, [...visits(40, '1.0.0'), ...visits(30, '9.9.9')]);
    const all = { '1.0.0': 40, '9.9.9': 30 };
    expect(await versions(collector)).toEqual(all);
    const where = { dimension: 'version', value: '9.9.9' };
    const { body } = await collector.post(
      '/v1/projects/acme-cli/cleanings',
      { where },
      withToken(),
    );
    expect(body).toMatchObject({ state: 'done' });
    expect(await versions(collector)).toEqual({ '1.0.0': 40 });
    await collector.close();
    collector = await start();
    expect(await versions(collector)).toEqual({ '1.0.0': 40 });
    await collector.delete(`/v1/cleanings/${String(body['id'])}`, withToken());
    expect(await versions(collector)).toEqual(all);
    // A cleaning of another project makes nothing anew: who comes late stays unseen.
    await reportVisits(collector, [
      ...visits(1, '2.0.0'),
      { user: 'x', at: YESTERDAY, project: 'other' },
    ]);
    await collector.post('/v1/projects/other/cleanings', {}, withToken());
    expect(await versions(collector)).toEqual(all);
  });

  it('are not shown with smaller groups than the operator asks for now', async () => {
    const start = onOneFolder();
    let collector = await start({ k: 3 });
    await reportVisits(collector, [
      ...visits(40, '1.0.0'),
      ...visits(12, '2.0.0'),
      ...visits(4, '3.0.0'),
    ]);
    const small = { '1.0.0': 40, '2.0.0': 12, '3.0.0': 4 };
    expect(await versions(collector)).toEqual(small);
    await collector.close();
    collector = await start({ k: 10 });
    expect(await versions(collector)).toEqual({ '1.0.0': 40, other: 16 });
    await collector.close();
    collector = await start({ k: 3 });
    expect(await versions(collector)).toEqual({ '1.0.0': 40, other: 16 });
  });

  it('are on disk without anything that is not shown, and made anew if a file is damaged', async () => {
    const collector = await startCollector({ visibility: 'detailed' });
    await reportVisits(collector, [
      ...visits(40, '1.0.0'),
      ...visits(30, '2.0.0'),
      ...visits(4, '3.0.0'),
    ]);
    const shown = await versions(collector);
    const folder = join(collector.data, 'public-cells');
    const [name = ''] = readdirSync(folder);
    const text = readFileSync(join(folder, name), 'utf8');
    expect(text).toContain('1.0.0');
    expect(text).not.toContain('3.0.0');
    await collector.close();
    writeFileSync(join(folder, name), text.slice(0, 100));
    const again = await startCollector({ data: collector.data, visibility: 'detailed' });
    expect(await versions(again)).toEqual(shown);
  });

  it('are not answered while they cannot be kept', async () => {
    const collector = await startCollector({ visibility: 'detailed' });
    await reportVisits(collector, visits(40, '1.0.0'));
    const folder = join(collector.data, 'public-cells');
    const url = '/v1/stats/breakdown?project=acme-cli&dimension=version';
    renameSync(folder, `${folder}.away`);
    const answer = await collector.stranger(url);
    expect(answer).toMatchObject({ status: 503, body: { code: 'failing' } });
    expect(collector.log()).toContain('what the public sees cannot be kept');
    // Totals are answered all the same.
    for (const path of ['/stats', '/v1/stats/summary']) {
      expect(await collector.stranger(`${path}?project=acme-cli`)).toMatchObject({
        status: 200,
        body: { total_users: 40, version_distribution: {} },
      });
    }
    renameSync(`${folder}.away`, folder);
    // The summary asks for two dimensions at once: one of them may still be failing.
    await until(
      'distributions are shown',
      async () => (await collector.stranger(url)).status === 200,
    );
    expect(await versions(collector)).toEqual({ '1.0.0': 40 });
  });
});

function crowd(
  people: number,
  { os, version }: { os: string; version: string },
  timestamp: string,
  name = `${os} ${version}`,
): unknown[] {
  const report = fullReport();
  return Array.from({ length: people }, (_, n) => ({
    ...fullReport({ anonymous_id: `${name} ${n}`, timestamp }),
    info: { ...report.info, os, version },
  }));
}

async function send(url: string, reports: readonly unknown[]): Promise<void> {
  const response = await fetch(`${url}/v1/reports`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ reports }),
  });
  if (response.status !== 202) throw new Error(await response.text());
}

const get = async (url: string): Promise<unknown> => (await fetch(url)).json();

const answersOf = (url: string): Promise<unknown[]> =>
  Promise.all(QUESTIONS.map((question) => get(`${url}${question}`)));
