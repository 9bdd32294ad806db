import { describe, expect, it } from 'vitest';
import { withToken } from '../support/admin-token.js';
import { reportVisits } from '../support/report-visits.js';
import { changeProject, people } from '../support/shown-project.js';
import { startCollector, type TestCollector } from '../support/start-collector.js';

const PAGE = { accept: 'application/vnd.headcount.page+json' };
const ADMINISTRATOR = { ...withToken(), ...PAGE };

/** The clock says 22 November 2026: 28 complete days are those from 25 October to the day before. */
async function seed(): Promise<TestCollector> {
  const collector = await startCollector();
  await reportVisits(collector, [
    // Only today: in no figure of complete days.
    ...people(31, '2026-11-22', 'new'),
    ...people(23, '2026-11-21', 'ada'),
    // Of the first of the 28 days, which are no longer among them if today is.
    ...people(14, '2026-10-25', 'bob'),
    // Before all of them.
    ...people(12, '2026-10-24', 'old'),
  ]);
  await changeProject(collector, { visibility: 'detailed', badge: true });
  return collector;
}

const EXPECTED = 37;

/** The content of a page, as far as a test looks at it. */
async function show<Content>(collector: TestCollector, path: string): Promise<Content> {
  const { status, body } = await collector.get(path, ADMINISTRATOR);
  expect([path, status]).toEqual([path, 200]);
  // What is not there makes the test fail where it is compared.
  return body['content'] as Content;
}

interface Home {
  readonly projects: readonly { readonly project: string; readonly people: number | null }[];
}

describe('people in 28 days', () => {
  it('are those of 28 complete days on every page, and in the API for the last of them', async () => {
    const collector = await seed();
    const of = '/p/acme-cli';
    const growth = await collector.get(
      '/v1/stats/growth?project=acme-cli&window=28d&from=2026-11-21&to=2026-11-21',
    );
    expect(growth.body['rows']).toMatchObject([{ active: EXPECTED }]);

    const overview = await show<object>(collector, of);
    expect(overview).toMatchObject({ headline: { value: { month: { people: EXPECTED } } } });

    for (const range of ['28d', '90d']) {
      const { dimensions } = await show<{ dimensions: { total: number }[] }>(
        collector,
        `${of}/systems?range=${range}`,
      );
      expect(dimensions.length).toBeGreaterThan(0);
      for (const dimension of dimensions) expect(dimension).toMatchObject({ total: EXPECTED });
      const features = await show<object>(collector, `${of}/features?range=${range}`);
      expect(features).toMatchObject({
        ...{ span: { days: 28, to: '2026-11-21' }, active: EXPECTED },
        events: [{ people: EXPECTED, reports: EXPECTED }],
      });
    }

    const { projects } = await show<Home>(collector, '/');
    expect(projects).toMatchObject([{ project: 'acme-cli', month: { people: EXPECTED } }]);
    const stranger = await collector.stranger('/', PAGE);
    expect(stranger.body['content']).toMatchObject({ projects: [{ month: { people: EXPECTED } }] });

    const shown = await collector.stranger('/public/acme-cli', PAGE);
    expect(shown.body['content']).toMatchObject({
      headline: { date: '2026-11-21', people: EXPECTED },
      detail: { systems: { rows: [{ value: 'Linux', people: EXPECTED }] } },
    });
    const badge = await collector.stranger('/v1/badge.json?project=acme-cli');
    expect(badge.body).toMatchObject({ message: String(EXPECTED) });
  });

  it('end with the view where it ends before', async () => {
    const collector = await seed();
    const query = 'range=custom&from=2026-10-24&to=2026-11-20';
    const features = await show<object>(collector, `/p/acme-cli/features?${query}`);
    expect(features).toMatchObject({ span: { days: 28, to: '2026-11-20' }, active: 26 });
  });

  it('are hidden in the list of projects where the public sees too few', async () => {
    const collector = await startCollector();
    await reportVisits(collector, people(9, '2026-11-21', 'ada'));
    await changeProject(collector, { visibility: 'summary' });
    const { body } = await collector.stranger('/', PAGE);
    expect(body['content']).toMatchObject({ projects: [{ project: 'acme-cli', month: null }] });
    const { projects } = await show<Home>(collector, '/');
    expect(projects).toMatchObject([{ month: { people: 9 } }]);
  });
});
