import { describe, expect, it } from 'vitest';
import { withToken } from '../support/admin-token.js';
import { reportVisits } from '../support/report-visits.js';
import { startCollector, type TestCollector } from '../support/start-collector.js';
import { changeProject, people } from '../support/shown-project.js';

const PAGE = { accept: 'application/vnd.headcount.page+json' };
const HTML = { accept: 'text/html' };
const PATH = '/public/acme-cli';

/** The clock says 22 November 2026: the day before is the last complete one. */
async function seed(settings: object, options = {}): Promise<TestCollector> {
  const collector = await startCollector(options);
  await reportVisits(collector, [
    ...people(23, '2026-11-21', 'ada').map((visit) => ({ ...visit, version: '2.0.0' })),
    ...people(14, '2026-11-20', 'bob').map((visit) => ({ ...visit, os: 'Windows' })),
    // Too few to be told.
    ...people(4, '2026-11-20', 'eve').map((visit) => ({ ...visit, version: '3.0.0-rc.1' })),
    // The day runs.
    ...people(31, '2026-11-22', 'new').map((visit) => ({ ...visit, version: '9.9.9' })),
  ]);
  await changeProject(collector, settings);
  return collector;
}

describe('the public page', () => {
  it('is the same 404 for a hidden project as for one that does not exist', async () => {
    const collector = await seed({ visibility: 'none' });
    const [hidden, unknown] = await Promise.all([
      collector.stranger(PATH, HTML),
      collector.stranger('/public/acme-cl1', HTML),
    ]);
    expect(hidden.status).toBe(404);
    const time = /"madeAt":"[^"]+"/g;
    expect(hidden.text.replace(time, '')).toBe(
      unknown.text.replaceAll('acme-cl1', 'acme-cli').replace(time, ''),
    );
    // Nor does it tell an administrator what the public does not see.
    expect(await collector.get(PATH, { ...HTML, ...withToken() })).toMatchObject({ status: 404 });
  });

  it('shows a project’s headline of complete days, and no more where it shows totals alone', async () => {
    const collector = await seed({ visibility: 'summary', coverage: 'About one install in four.' });
    const { status, body } = await collector.stranger(PATH, PAGE);
    expect(status).toBe(200);
    expect(body['content']).toMatchObject({
      headline: { date: '2026-11-21', people: 41 },
      coverage: 'About one install in four.',
      leastShown: 10,
      detail: null,
    });
    const { text } = await collector.stranger(PATH, HTML);
    expect(text).toContain('About one install in four.');
    expect(text).not.toMatch(/2\.0\.0|Windows|daily\.csv|charts\/active/);
  });

  it('shows complete days, versions and systems as the API tells the public', async () => {
    const collector = await seed({ visibility: 'detailed' });
    const [page, growth, versions, systems] = await Promise.all([
      collector.stranger(PATH, PAGE),
      collector.stranger('/v1/stats/growth?project=acme-cli&window=28d'),
      collector.stranger('/v1/stats/breakdown?project=acme-cli&dimension=version&window=28d'),
      collector.stranger('/v1/stats/breakdown?project=acme-cli&dimension=os&window=28d'),
    ]);
    const { detail, headline } = page.body['content'] as {
      detail: Record<string, { rows: object[] }>;
      headline: object;
    };
    const rows = growth.body['rows'] as { date: string; active: number; complete: boolean }[];
    const last = rows.findLast(({ complete }) => complete);
    expect(headline).toEqual({ date: last?.date, people: last?.active });
    expect(detail['days']).toEqual([
      { date: '2026-11-20', people: 18 },
      { date: '2026-11-21', people: 41 },
    ]);
    for (const [name, answer] of [
      ['versions', versions],
      ['systems', systems],
    ] as const) {
      const told = (answer.body['rows'] as { value: string; count: number }[]).map(
        ({ value, count: number }) => [value, number],
      );
      expect(told.length).toBeGreaterThan(0);
      expect(
        detail[name]?.rows.map((row) => [
          (row as { value: string }).value,
          (row as { people: number }).people,
        ]),
      ).toEqual(told);
    }
    const { text } = await collector.stranger(PATH, HTML);
    expect(text).toContain('<b>41</b>');
    expect(text).toContain('fewer than 10 people');
    expect(text).not.toMatch(/3\.0\.0-rc|9\.9\.9/);
  });

  it('never tells of fewer people than k, not even by a day', async () => {
    const collector = await startCollector();
    await reportVisits(collector, [
      ...people(3, '2026-11-18', 'ada'),
      ...people(12, '2026-11-21', 'bob'),
    ]);
    await changeProject(collector, { visibility: 'detailed' });
    const { body } = await collector.stranger(PATH, PAGE);
    expect((body['content'] as { detail: { days: object[] } }).detail.days).toEqual([
      { date: '2026-11-18', people: null },
      { date: '2026-11-19', people: null },
      { date: '2026-11-20', people: null },
      { date: '2026-11-21', people: 15 },
    ]);
    const csv = await collector.stranger(`${PATH}?csv=active`, HTML);
    expect(csv.text.trim().split('\r\n')).toEqual([
      'date,people',
      '2026-11-18,',
      '2026-11-19,',
      '2026-11-20,',
      '2026-11-21,15',
    ]);
  });

  it('shows an administrator what the public sees', async () => {
    const collector = await seed({ visibility: 'detailed' });
    const strangers = await collector.stranger(PATH, PAGE);
    const administrators = await collector.get(PATH, { ...PAGE, ...withToken() });
    expect(administrators.body['content']).toEqual(strangers.body['content']);
    expect(administrators.body['frame']).toMatchObject({ pages: [], level: 'administrator' });
  });

  it('tells what is collected and why, as the manifest says it, and for how long it is kept', async () => {
    const collector = await seed({ visibility: 'summary', badge: true });
    const manifest = {
      manifest_version: 1,
      project: 'acme-cli',
      report: { 'info.os': 'To know <what> to build for' },
      events: {
        startup: { description: 'The program starts', fields: {} },
        build: {
          description: 'A build ends',
          fields: {
            bundler: { kind: 'enum', values: ['vite', 'webpack'], description: 'Which bundler' },
          },
        },
      },
    };
    await collector.app.inject({
      ...{ method: 'PUT', url: '/v1/projects/acme-cli/manifest', payload: manifest },
      headers: withToken(),
    });
    const { text } = await collector.stranger(PATH, HTML);
    expect(text).toContain('To know &lt;what> to build for');
    // In words of people first; no cell is empty.
    expect(text).toContain('what to build and test for');
    expect(text).toContain('Event build, with bundler');
    expect(text.indexOf('id="take"')).toBeLessThan(text.indexOf('id="collected"'));
    const collected = text.slice(text.indexOf('id="collected"'));
    expect(collected).not.toMatch(/<td[^>]*>(<bdi>|<code>)?(<\/bdi>|<\/code>)?<\/td>/);
    expect(text).toContain('<code>build.bundler</code>');
    expect(text).toContain('vite · webpack');
    expect(text).toContain('for 400 days');
    expect(text).toContain('/your-data?project=acme-cli');
  });

  it('is where strangers come to who ask for the project', async () => {
    const collector = await seed({ visibility: 'summary' });
    const asked = await collector.stranger('/p/acme-cli', HTML);
    expect(asked).toMatchObject({ status: 302, headers: { location: '/public/acme-cli' } });
    await changeProject(collector, { visibility: 'none' });
    expect((await collector.stranger('/p/acme-cli', HTML)).headers['location']).toBeUndefined();
  });

  it('runs no name that somebody has reported', async () => {
    const project = '"><script>alert(1)</script>';
    const collector = await startCollector();
    await reportVisits(
      collector,
      people(12, '2026-11-21').map((visit) => ({ ...visit, project, os: '<img src=x>' })),
    );
    const name = encodeURIComponent(project);
    await changeProject(collector, { visibility: 'detailed', badge: true }, project);
    const { status, text } = await collector.stranger(`/public/${name}`, HTML);
    expect(status).toBe(200);
    expect(text).not.toContain('<script>alert');
    expect(text).not.toContain('<img src=x>');
  });
});
