import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Answer } from '../support/start-collector.js';
import { startCollector, type TestCollector } from '../support/start-collector.js';
import { fullReport } from '../support/reports.js';
import { until } from '../support/until.js';

const TOKEN = 'the-administrator-of-tests';
const ADMIN = { authorization: `Bearer ${TOKEN}` };
const DAY_MS = 86_400_000;
const BEGIN = Date.parse('2026-11-22T21:00:00Z');

let collector: TestCollector;
let now = BEGIN;
let project = '';
let projects = 0;
const undo: (() => void | Promise<void>)[] = [];

beforeAll(async () => {
  collector = await startCollector(
    {
      adminToken: TOKEN,
      now: () => new Date(now),
      checkJobsEveryMs: 50,
      rateLimit: 0,
      statsRateLimit: 0,
    },
    (step) => void undo.unshift(step),
  );
});
afterAll(async () => {
  for (const step of undo) await step();
});
beforeEach(() => {
  project = `acme-${++projects}`;
});

interface Visit {
  readonly user: string;
  readonly daysAgo?: number;
  readonly version?: string;
  readonly event?: string;
  readonly id?: string;
}

async function visit(...visits: Visit[]): Promise<void> {
  const reports = visits.map(({ user, daysAgo = 0, version = '1.0.0', event, id }) => {
    const report = fullReport({
      project,
      anonymous_id: user,
      timestamp: new Date(now - daysAgo * DAY_MS - 1000).toISOString(),
    });
    return {
      ...report,
      ...(event !== undefined && { event }),
      ...(id !== undefined && { report_id: id }),
      info: { ...report.info, version },
    };
  });
  const body = { sent_at: new Date(now).toISOString(), reports };
  expect(await collector.post('/v1/reports', body)).toMatchObject({ status: 202 });
}

const clean = (body: object, headers: Record<string, string> = ADMIN): Promise<Answer> =>
  collector.post(`/v1/projects/${project}/cleanings`, body, headers);
const undoCleaning = (answer: Answer): Promise<Answer> =>
  collector.delete(`/v1/cleanings/${String(answer.body['id'])}`, ADMIN);
const date = (daysAgo = 0): string => new Date(now - daysAgo * DAY_MS).toISOString().slice(0, 10);

/** Every answer about the project, without the moments of the answers. */
async function everything(): Promise<string[]> {
  const paths = [
    'summary?',
    'recent?format=ndjson&',
    'timeseries?metric=active&window=7d&',
    'timeseries?metric=new&',
    'timeseries?metric=reports&',
    'timeseries?group_by=version&',
    'timeseries?group_by=event&metric=reports&',
    'breakdown?dimension=version&',
    'breakdown?dimension=event&',
    'retention?interval=day&',
    'adoption?',
    'growth?window=7d&',
    'quality?',
  ];
  const texts: string[] = [];
  for (const path of paths) {
    const { status, text } = await collector.get(`/v1/stats/${path}project=${project}`, ADMIN);
    expect({ path, status }).toEqual({ path, status: 200 });
    texts.push(text.replaceAll(/"(as_of|anonymous_id)":"[^"]*"/g, ''));
  }
  return texts;
}
const people = async (): Promise<unknown> =>
  (await collector.get(`/v1/stats/summary?project=${project}`, ADMIN)).body['total_users'];

describe('cleaning', () => {
  it('takes out a day’s new people with all they ever did, and gives every answer back', async () => {
    await visit({ user: 'old', daysAgo: 5 }, { user: 'new', daysAgo: 1 });
    await visit({ user: 'old', daysAgo: 1 }, { user: 'new' }, { user: 'newer' });
    const before = await everything();
    const answer = await clean({ day: date(1), new: true });
    expect(answer).toMatchObject({
      status: 202,
      body: {
        project,
        ...{ from: date(1), to: date(1), new: true, where: null },
        ...{ people: 1, ci: 0, reports: 2, first_date: date(1), last_date: date() },
        ...{ state: 'done', covered_by: [] },
        os: [{ value: 'Linux', people: 1 }],
        version: [{ value: '1.0.0', people: 1 }],
        undo_until: new Date(now + 7 * DAY_MS).toISOString(),
      },
    });
    expect(await people()).toBe(2);
    expect(await undoCleaning(answer)).toMatchObject({ status: 202, body: { state: 'undone' } });
    expect(await everything()).toEqual(before);
  });

  it('tells before what it would take, and changes nothing', async () => {
    await visit({ user: 'a' }, { user: 'b', version: '9.9.9' }, { user: 'c', version: '9.9.9' });
    await visit({ user: 'c', version: '1.0.0', daysAgo: 1 });
    const before = await everything();
    const where = { dimension: 'version', value: '9.9.9' };
    const { status, body } = await clean({ where, dry_run: true });
    expect({ status, body }).toMatchObject({ status: 200, body: { dry_run: true, people: 1 } });
    expect(await everything()).toEqual(before);
    const { dry_run, ...figures } = body;
    expect(dry_run).toBe(true);
    expect((await clean({ where })).body).toMatchObject(figures);
    // Who had another version too stays.
    expect(await people()).toBe(2);
  });

  it('without new takes those who were there on these days and on no other', async () => {
    await visit({ user: 'both' }, { user: 'both', daysAgo: 1 }, { user: 'once', daysAgo: 1 });
    expect((await clean({ from: date(2), to: date(1) })).body).toMatchObject({ people: 1 });
    expect(await people()).toBe(1);
  });

  it('takes the reports of an event out of the numbers of reports, and no people', async () => {
    await visit({ user: 'a', event: 'spam' }, { user: 'a', event: 'build' });
    const before = await everything();
    const answer = await clean({ where: { dimension: 'event', value: 'spam' } });
    expect(answer.body).toMatchObject({ people: 0, reports: 1, state: 'done' });
    const query = `?project=${project}`;
    const events = await collector.get(`/v1/stats/breakdown${query}&dimension=event`, ADMIN);
    expect(events.body).toMatchObject({ total: 1, rows: [{ value: 'build', count: 1 }] });
    const { body } = await collector.get(`/v1/stats/summary${query}`, ADMIN);
    expect(body).toMatchObject({ total_users: 1, total_reports: 1 });
    await undoCleaning(answer);
    expect(await everything()).toEqual(before);
  });

  it('takes a whole project, of which nothing is left', async () => {
    const nothing = await everything();
    await visit({ user: 'a', event: 'build' }, { user: 'ci-github' });
    const before = await everything();
    const answer = await clean({});
    expect(answer.body).toMatchObject({ people: 1, ci: 1, reports: 2 });
    expect((await everything()).filter((text) => !text.includes('last_updated'))).toEqual(
      nothing.filter((text) => !text.includes('last_updated')),
    );
    await undoCleaning(answer);
    expect(await everything()).toEqual(before);
  });

  it('puts together what comes meanwhile with what comes back, and counts nothing twice', async () => {
    const id = '0197b2d1-0000-7000-8000-00000000000a';
    await visit({ user: 'a', daysAgo: 3, version: '1.0.0', id }, { user: 'b' });
    const answer = await clean({ day: date(3), new: true });
    await visit({ user: 'a', daysAgo: 3, id });
    expect(await people()).toBe(1);
    await visit({ user: 'a', daysAgo: 3, version: '2.0.0' }, { user: 'a', daysAgo: 5 });
    expect(await people()).toBe(2);
    await undoCleaning(answer);
    const path = `/v1/users/a?project=${project}`;
    expect((await collector.get(path, ADMIN)).body).toMatchObject({
      total_reports: 3,
      active_days: [date(5), date(3)],
      first_day: date(5),
    });
    const { body } = await collector.get(
      `/v1/stats/breakdown?project=${project}&dimension=version&to=${date(3)}&window=1d`,
      ADMIN,
    );
    expect(body['rows']).toEqual([{ value: '1.0.0', count: 1, share: 1 }]);
  });

  it('never brings back what a user has deleted, also while it is taken out', async () => {
    await visit({ user: 'a' }, { user: 'b' });
    const answer = await clean({ day: date(), new: true });
    const path = `/v1/users/a?project=${project}`;
    // It is still kept, so it is shown.
    expect((await collector.get(path, ADMIN)).body).toMatchObject({ total_reports: 1 });
    expect((await collector.delete(path, ADMIN)).status).toBe(202);
    await undoCleaning(answer);
    expect(await people()).toBe(1);
    expect((await collector.get(path, ADMIN)).body).toMatchObject({ total_reports: 0 });
  });

  it('is undone in turn where later cleanings took the same people', async () => {
    await visit({ user: 'a', daysAgo: 2 });
    const first = await clean({ day: date(2), new: true });
    await visit({ user: 'a' });
    const second = await clean({ day: date(), new: true });
    const refused = await undoCleaning(first);
    expect(refused).toMatchObject({ status: 409, body: { code: 'cannot_undo' } });
    expect(refused.body['detail']).toContain(second.body['id']);
    expect((await undoCleaning(second)).status).toBe(202);
    expect((await undoCleaning(first)).status).toBe(202);
    expect((await undoCleaning(first)).body).toMatchObject({ code: 'cannot_undo' });
    expect(await people()).toBe(1);
  });

  it('is for the administrator, and refuses what cannot be meant', async () => {
    await visit({ user: 'a' });
    expect((await clean({}, {})).status).toBe(401);
    expect((await collector.get('/v1/cleanings')).status).toBe(401);
    expect((await collector.delete('/v1/cleanings/00000000')).status).toBe(401);
    const bad = { status: 422, body: { code: 'bad_cleaning' } };
    expect(await clean({ new: true })).toMatchObject(bad);
    expect(await clean({ day: '2026-02-30' })).toMatchObject(bad);
    expect(await clean({ day: date(), to: date() })).toMatchObject(bad);
    expect(await clean({ from: date(), to: date(1) })).toMatchObject(bad);
    expect(await clean({ from: date() })).toMatchObject(bad);
    expect(await clean({ where: { dimension: 'colour', value: 'red' } })).toMatchObject(bad);
    const where = { dimension: 'event', value: 'build' };
    expect(await clean({ day: date(), new: true, where })).toMatchObject(bad);
    expect(await people()).toBe(1);
    project = 'nobody';
    expect(await clean({})).toMatchObject({ status: 404, body: { code: 'not_found' } });
    expect((await collector.delete('/v1/cleanings/00000000', ADMIN)).status).toBe(404);
  });

  it('can be undone for 7 days, and is erased then', async () => {
    await visit({ user: 'a' }, { user: 'b' });
    const answer = await clean({ day: date(), new: true });
    const id = String(answer.body['id']);
    now += 7 * DAY_MS + 1;
    expect(await undoCleaning(answer)).toMatchObject({
      status: 409,
      body: { code: 'cannot_undo' },
    });
    const path = `/v1/users/a?project=${project}`;
    await until('it is erased', async () => {
      const { body } = await collector.get(path, ADMIN);
      return body['total_reports'] === 0;
    });
    expect((await collector.get(`/v1/cleanings/${id}`, ADMIN)).body).toMatchObject({
      state: 'gone',
      people: 2,
    });
    await visit({ user: 'a' });
    expect(await people()).toBe(1);
  });
});
