import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { CollectorOptions } from '../../src/collector-options.js';
import { DEFAULT_RETENTION } from '../../src/rules/retention-classes.js';
import { bearer, fullReport, reportId } from '../support/reports.js';
import { startCollector } from '../support/start-collector.js';
import { until } from '../support/until.js';

const DAY_MS = 86_400_000;
const START = Date.parse('2026-11-22T12:00:00Z');
const TOKEN = 'the-administrator-of-tests';
const ADMIN = { authorization: `Bearer ${TOKEN}` };

/** A collector by a clock that moves by hand, and the ways to use it. */
async function start(options: Partial<CollectorOptions> = {}) {
  const clock = { day: 0 };
  const collector = await startCollector({
    adminToken: TOKEN,
    now: () => new Date(START + clock.day * DAY_MS),
    ...options,
  });
  const visit = async (day: number, anonymous_id: string, version = '1.0.0'): Promise<void> => {
    clock.day = day;
    const at = START + day * DAY_MS;
    const { info, ...rest } = fullReport({ anonymous_id, report_id: reportId(at) });
    const report = { ...rest, timestamp: new Date(at).toISOString(), info: { ...info, version } };
    expect((await collector.post('/v1/reports', report)).status).toBe(202);
  };
  const get = async (url: string, headers: Record<string, string> = ADMIN) =>
    collector.get(url, headers);
  const run = async (dry_run = false): Promise<Record<string, { rows: number; bytes: number }>> => {
    expect((await collector.post('/v1/retention/runs', { dry_run }, ADMIN)).status).toBe(202);
    let state: Record<string, unknown> = {};
    await until('the run has ended', async () => {
      state = (await get('/v1/retention')).body;
      return state['running'] === null;
    });
    expect(state['last_error']).toBeNull();
    const last = state[dry_run ? 'last_dry_run' : 'last_run'] as {
      dropped: Record<string, { rows: number; bytes: number }>;
    };
    return last.dropped;
  };
  return { collector, clock, visit, get, run, data: collector.data };
}

describe('retention', () => {
  it('says for how long everything is kept, to the administrator alone', async () => {
    const { get } = await start({ retention: { ...DEFAULT_RETENTION, activity: 90, users: 730 } });
    for (const headers of [{}, bearer(), { authorization: 'Bearer wrong-wrong-wrong-wrong' }]) {
      expect((await get('/v1/retention', headers)).status).toBe(401);
    }
    const { status, body } = await get('/v1/retention');
    expect(status).toBe(200);
    expect(body).toMatchObject({ running: null, last_run: null, last_dry_run: null });
    const classes = body['classes'] as { name: string; kept: string; default: string | null }[];
    const keptOf = (name: string) => classes.find((one) => one.name === name);
    expect(keptOf('activity')).toMatchObject({ kept: '90d', default: '400d' });
    expect(keptOf('activity')).toMatchObject({ option: '--keep-activity' });
    expect(keptOf('users')).toMatchObject({ kept: '730d', default: 'forever' });
    expect(keptOf('keys')).toMatchObject({ kept: '35d', default: '35d' });
    expect(keptOf('journal')).toMatchObject({
      kept: 'They are counted, or as long after as --keep-counted says',
      option: null,
    });
  });

  it('counts first and drops then, and answers about dropped days as before', async () => {
    const { visit, get, run, clock } = await start();
    for (const day of [0, 1, 200]) await visit(day, 'ada', `1.${day}.0`);
    await visit(0, 'bob');
    await visit(500, 'eve');
    clock.day = 500;
    const urls = [
      '/v1/stats/summary',
      '/v1/stats/timeseries?from=2026-11-22&to=2027-06-20',
      '/v1/stats/timeseries?from=2026-11-22&to=2027-06-20&interval=month&window=90d',
      '/v1/stats/timeseries?from=2026-11-22&to=2026-12-20&group_by=version',
      '/v1/stats/retention?from=2026-11-01&interval=month',
      '/v1/stats/breakdown?dimension=version&to=2026-11-24',
    ];
    const answers = async () => Promise.all(urls.map(async (url) => (await get(url)).body));
    const before = await answers();
    const dry = await run(true);
    expect(dry).toMatchObject({ activity: { rows: 2 }, users: { rows: 0 }, keys: { rows: 0 } });
    expect((await get('/v1/users/ada?project=acme-cli')).body['active_days']).toHaveLength(3);
    expect(await run()).toEqual(dry);
    expect(await answers()).toEqual(before);
    expect(await run(true)).toMatchObject({ activity: { rows: 0 } });
    const ada = (await get('/v1/users/ada?project=acme-cli')).body;
    expect(ada).toMatchObject({
      first_day: '2026-11-22',
      last_day: '2027-06-10',
      active_days: ['2027-06-10'],
      total_reports: 3,
    });
    const bob = (await get('/v1/users/bob?project=acme-cli')).body;
    expect(bob).toMatchObject({ last_day: '2026-11-22', active_days: [], counted_as: [] });
  });

  it('runs by itself once a day as days pass, and by an expired key counts nothing twice', async () => {
    const { visit, get, clock, collector } = await start({ checkJobsEveryMs: 5 });
    const lastRun = async () =>
      ((await get('/v1/retention')).body['last_run'] as { started_at?: string } | null)?.started_at;
    await visit(0, 'ada');
    for (const day of [0, 1, 2, 40]) {
      clock.day = day;
      const started = new Date(START + day * DAY_MS).toISOString();
      await until(`it ran on day ${day}`, async () => (await lastRun()) === started);
    }
    const { body } = await get('/v1/retention');
    expect(body['last_run']).toMatchObject({ dropped: { keys: { rows: 1 } } });
    expect(collector.log()).toContain('"job":"retention"');
    expect((await get('/v1/stats/summary')).body).toMatchObject({ total_reports: 1 });
  });

  it('refuses what can no longer be counted, and nothing else', async () => {
    const retention = { ...DEFAULT_RETENTION, activity: 66, rollups: 100, quality: 100 };
    const { visit, get, run, clock } = await start({ retention });
    for (const day of [0, 10, 90, 200]) await visit(day, 'ada');
    await run();
    const ask = async (query: string) => {
      const { status, body } = await get(`/v1/stats/${query}`);
      return status === 200 ? status : [status, body['code'], body['parameter']];
    };
    clock.day = 200; // 2027-06-10; counts are kept from 2027-03-03
    const refused = (parameter: string) => [400, 'bad_parameter', parameter];
    expect(await ask('timeseries?window=31d&from=2027-05-01')).toBe(200);
    // Before May 5, nothing was dropped while reports could still come.
    expect(await ask('timeseries?window=60d&from=2027-05-01&to=2027-05-05')).toBe(200);
    expect(await ask('timeseries?window=60d&from=2027-05-10')).toEqual(refused('window'));
    expect(await ask('timeseries?window=66d&from=2027-06-10')).toBe(200);
    expect(await ask('timeseries?window=67d&from=2027-06-10')).toEqual(refused('window'));
    expect(await ask('timeseries?interval=month&from=2027-04-01')).toBe(200);
    expect(await ask('timeseries?from=2027-03-03&to=2027-06-10')).toBe(200);
    expect(await ask('timeseries?from=2027-03-02&to=2027-06-10')).toEqual(refused('from'));
    expect(await ask('timeseries?from=2027-03-02&to=2027-06-10&group_by=os')).toEqual(
      refused('from'),
    );
    expect(await ask('timeseries?metric=reports&from=2026-11-22&to=2027-06-10')).toBe(200);
    expect(await ask('adoption?from=2027-03-03&window=7d')).toEqual(refused('from'));
    expect(await ask('adoption?from=2027-03-10&window=7d')).toBe(200);
    expect(await ask('growth?from=2027-03-09&window=7d')).toEqual(refused('from'));
    expect(await ask('growth?from=2027-03-10&window=7d')).toBe(200);
    expect(await ask('retention?from=2027-02-01&interval=month')).toEqual(refused('from'));
    expect(await ask('retention?from=2027-04-01&interval=month')).toBe(200);
    expect(await ask('breakdown?dimension=os&to=2027-03-20')).toEqual(refused('to'));
    expect(await ask('breakdown?dimension=os')).toBe(200);
    expect(await ask('quality?from=2027-03-02')).toEqual(refused('from'));
    expect(await ask('quality?from=2027-03-03')).toBe(200);
    expect(await ask('summary')).toBe(200);
  });

  it('lets users go after their time, with a new tag for answers, and counts them anew', async () => {
    const retention = { ...DEFAULT_RETENTION, activity: 66, users: 100 };
    const { visit, get, run, collector } = await start({ retention });
    await visit(0, 'ada');
    await visit(150, 'bob');
    const { headers } = await get('/v1/stats/summary');
    const etag = String(headers['etag']);
    expect((await get('/v1/stats/summary', { 'if-none-match': etag })).status).toBe(304);
    expect(await run()).toMatchObject({ users: { rows: 1 } });
    const after = await get('/v1/stats/summary', { 'if-none-match': etag });
    expect(after).toMatchObject({ status: 200, body: { total_users: 1, total_reports: 2 } });
    expect((await get('/v1/users/ada?project=acme-cli')).body['first_day']).toBeNull();
    await visit(150, 'ada');
    expect((await get('/v1/stats/summary')).body).toMatchObject({ total_users: 2 });
    expect(collector.log()).not.toContain('job failed');
  });

  it('removes snapshots of earlier schemas after their time, and no other file', async () => {
    const { data, run, clock } = await start();
    clock.day = 60;
    const old = [
      'counts.db.before-3-20261222T115959999Z',
      'journal.db.before-2-20250101T000000000Z',
    ];
    const kept = [
      'counts.db.before-4-20261222T120000000Z',
      'counts.db.before-3-by-hand',
      'other.db.before-3-20250101T000000000Z',
    ];
    for (const name of [...old, ...kept]) writeFileSync(join(data, name), 'twelve bytes');
    expect(await run(true)).toMatchObject({ snapshots: { rows: 2, bytes: 24 } });
    expect(readdirSync(data)).toEqual(expect.arrayContaining(old));
    expect(await run()).toMatchObject({ snapshots: { rows: 2, bytes: 24 } });
    const left = readdirSync(data).filter((name) => name.includes('before'));
    expect(left.sort()).toEqual([...kept].sort());
  });
});
