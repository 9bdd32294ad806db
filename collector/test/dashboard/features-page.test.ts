import { describe, expect, it } from 'vitest';
import { withToken } from '../support/admin-token.js';
import { reportVisits } from '../support/report-visits.js';
import { startCollector, type TestCollector } from '../support/start-collector.js';

const PAGE = { ...withToken(), accept: 'application/vnd.headcount.page+json' };
const HTML = { ...withToken(), accept: 'text/html' };
const PATH = '/p/acme-cli/features';

const MANIFEST = {
  manifest_version: 1,
  project: 'acme-cli',
  report: {},
  events: {
    startup: { description: 'The program starts', fields: {} },
    build: {
      description: 'A build has ended',
      fields: {
        bundler: { kind: 'enum', values: ['vite', 'webpack'], description: 'Which bundler' },
        seconds: { kind: 'bucket', bounds: [1, 10, 60], values: ['<1', '1-10', '10-60', '>=60'] },
        files: { kind: 'count', max: 1000 },
        cached: { kind: 'boolean' },
      },
    },
    eject: { description: 'The template is left', fields: {} },
  },
};

const builds = (names: string, fields: Record<string, string | number>) =>
  names.split(' ').map((user) => ({ user, at: '2026-11-20', event: 'build', fields }));

/** Ada builds twice; Dee only starts. The clock says Sunday, 22 November 2026. */
async function seed(): Promise<TestCollector> {
  const collector = await startCollector();
  const { statusCode } = await collector.app.inject({
    ...{ method: 'PUT', url: '/v1/projects/acme-cli/manifest', headers: withToken() },
    payload: MANIFEST,
  });
  expect(statusCode).toBeLessThan(300);
  await reportVisits(collector, [
    ...['ada', 'bob', 'cy', 'dee'].map((user) => ({ user, at: '2026-11-20' })),
    ...builds('ada bob', { bundler: 'vite', seconds: '10-60' }),
    ...builds('ada', { bundler: 'vite', seconds: '<1' }),
    ...builds('cy', { bundler: 'webpack', seconds: '<1' }),
  ]);
  return collector;
}

interface Shown {
  readonly events: readonly Record<string, unknown>[];
  readonly event: { event: string; fields: readonly Field[] } | null;
  readonly unused: readonly Record<string, unknown>[] | null;
}

interface Field {
  readonly name: string;
  readonly shape: string;
  readonly unit: string;
  readonly values: { readonly rows: readonly { value: string; count: number }[] };
}

async function show(
  collector: TestCollector,
  query = '',
  headers: Record<string, string> = PAGE,
): Promise<Shown> {
  const { status, body } = await collector.get(`${PATH}?range=28d${query}`, headers);
  expect(status).toBe(200);
  return body['content'] as Shown;
}

const countsOf = ({ event }: Shown, name: string) =>
  event?.fields
    .find((field) => field.name === name)
    ?.values.rows.map(({ value, count }) => [value, count]);

describe('the page on features', () => {
  it('shows each event by its people and by its reports', async () => {
    const collector = await seed();
    const { events } = await show(collector);
    expect(events).toMatchObject([
      { event: 'startup', people: 4, share: 1, reports: 4, reportShare: 0.5 },
      { event: 'build', people: 3, share: 0.75, reports: 4, reportShare: 0.5 },
    ]);
    const { text } = await collector.get(`${PATH}?range=28d&csv=events`, HTML);
    expect(text.split('\r\n')[2]).toBe('build,3,0.75,4,0.5,');
  });

  it('shows the fields of an event: ranges in their order, words by their people', async () => {
    const collector = await seed();
    const shown = await show(collector);
    expect(shown.event?.event).toBe('build');
    expect(countsOf(shown, 'bundler')).toEqual([
      ['vite', 2],
      ['webpack', 1],
    ]);
    expect(countsOf(shown, 'seconds')).toEqual([
      ['<1', 2],
      ['1-10', 0],
      ['10-60', 2],
      ['>=60', 0],
    ]);
    expect(countsOf(await show(collector, '&count=reports'), 'bundler')).toEqual([
      ['vite', 3],
      ['webpack', 1],
    ]);
    const { text } = await collector.get(`${PATH}?range=28d`, HTML);
    expect(text).toContain('one of 2 words');
  });

  it('adds many numbers up to ranges, by reports', async () => {
    const collector = await seed();
    const numbers = Array.from({ length: 40 }, (_, n) => builds(`user-${n}`, { files: n }));
    await reportVisits(collector, numbers.flat());
    const files = (await show(collector)).event?.fields.find(({ name }) => name === 'files');
    expect(files).toMatchObject({ shape: 'ranges', unit: 'reports' });
    expect(files?.values.rows.map(({ value, count }) => [value, count])).toEqual(
      ['0-4', '5-9', '10-14', '15-19', '20-24', '25-29', '30-34', '35-39'].map((range) => [
        ...[range, 5],
      ]),
    );
  });

  it('names what the manifest declares and nobody has reported', async () => {
    const collector = await seed();
    const { unused } = await show(collector);
    expect(unused).toEqual([
      { kind: 'field', name: 'build.files', description: null },
      { kind: 'field', name: 'build.cached', description: null },
      { kind: 'event', name: 'eject', description: 'The template is left' },
    ]);
  });

  it('is for those with a token; the manifest is the administrator’s', async () => {
    const collector = await seed();
    expect(await collector.stranger(PATH, { accept: 'text/html' })).toMatchObject({ status: 401 });
    const made = await collector.post('/v1/tokens', { level: 'restricted' }, withToken());
    const token = withToken(String(made.body['token']));
    const shown = await show(collector, '', { ...PAGE, ...token });
    expect(shown.unused).toBeNull();
    // Fewer than five people of single days are a part of “other”; reports are not people.
    expect(shown.events).toMatchObject([
      { event: 'other', people: 4 },
      { event: 'build', people: null, reports: 4 },
      { event: 'startup', people: null, reports: 4 },
    ]);
    // What a restricted token sees of fields is the API's: values of few people over days are joined.
    const { body } = await collector.get(
      '/v1/stats/breakdown?project=acme-cli&dimension=field:build.bundler&metric=people&window=28d&to=2026-11-21',
      token,
    );
    expect(countsOf(shown, 'bundler')).toEqual(
      (body['rows'] as { value: string; count: number }[]).map(({ value, count }) => [
        value,
        count,
      ]),
    );
  });
});
