import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { withToken } from '../support/admin-token.js';
import { reportVisits, type Visit } from '../support/report-visits.js';
import { type Answer, startCollector, type TestCollector } from '../support/start-collector.js';

const PATH = '/v1/stats/annotations?project=acme-cli';

interface Row {
  readonly date: string;
  readonly kind: string;
  readonly text: string;
  readonly prerelease: boolean | null;
  readonly people: number | null;
}

const rowsOf = ({ body }: Answer): Row[] => body['rows'] as Row[];

/** The rows that are releases, in short. */
const releases = (answer: Answer) =>
  rowsOf(answer)
    .filter(({ kind }) => kind === 'release')
    .map(({ date, text, people }) => `${date} ${text} ${people}`);

/** So many people who had a version on a day. */
const crowd = (n: number, version: string, at: string, name = 'user'): Visit[] =>
  Array.from({ length: n }, (_, user) => ({ user: `${name}-${user}`, version, at }));

const note = (collector: TestCollector, payload: object) =>
  collector.app.inject({
    ...{ method: 'POST', url: '/v1/projects/acme-cli/annotations', payload },
    headers: withToken(),
  });

const show = (collector: TestCollector, visibility = 'detailed') =>
  collector.app.inject({
    ...{ method: 'PUT', url: '/v1/projects/acme-cli', headers: withToken() },
    payload: { visibility },
  });

describe('releases', () => {
  it('are the first days with at least ten people, of versions as they are folded', async () => {
    const collector = await startCollector();
    await reportVisits(collector, [
      ...crowd(10, '1.9.0', '2026-10-30'),
      ...crowd(10, '2.0.0-rc.1', '2026-11-05'),
      ...crowd(9, 'v2.0', '2026-11-06'),
      // Five of each spelling are ten of the version.
      ...crowd(5, 'v2.0', '2026-11-10'),
      ...crowd(5, '2.0.0', '2026-11-10', 'other'),
      ...crowd(12, '2.0.0', '2026-11-11'),
      ...crowd(12, 'nightly', '2026-11-12'),
      ...crowd(9, '3.0.0', '2026-11-13'),
      // Build farms are no people.
      ...crowd(12, '4.0.0', '2026-11-14', 'farm').map((one) => ({ ...one, source: 'ci' as const })),
    ]);
    const answer = await collector.get(`${PATH}&from=2026-11-01`);
    expect(releases(answer)).toEqual(['2026-11-05 2.0.0-rc.1 10', '2026-11-10 2.0.0 10']);
    expect(rowsOf(answer).map(({ prerelease }) => prerelease)).toEqual([true, false]);
    expect(answer.body).toMatchObject({
      ...{ project: 'acme-cli', timezone: 'UTC', least_people: 10, left_out: 0 },
    });
    expect(releases(await collector.get(`${PATH}&from=2026-10-30&to=2026-11-09`))).toEqual([
      '2026-10-30 1.9.0 10',
      '2026-11-05 2.0.0-rc.1 10',
    ]);
    // A version that came before the days asked for did not come on their first day.
    expect(releases(await collector.get(`${PATH}&from=2026-11-11`))).toEqual([]);
  });

  it('stay where they are, but for late reports and erasures', async () => {
    const collector = await startCollector();
    await reportVisits(collector, crowd(10, '2.0.0', '2026-11-10'));
    const ask = async () => releases(await collector.get(`${PATH}&from=2026-11-01`));
    await reportVisits(collector, crowd(50, '2.0.0', '2026-11-11', 'more'));
    expect(await ask()).toEqual(['2026-11-10 2.0.0 10']);
    await reportVisits(collector, crowd(10, '2.0.0', '2026-11-09', 'late'));
    expect(await ask()).toEqual(['2026-11-09 2.0.0 10']);
    await collector.delete('/v1/users/late-3?project=acme-cli', withToken());
    expect(await ask()).toEqual(['2026-11-10 2.0.0 10']);
  });

  it('are those that a count of all reports finds', async () => {
    const collector = await startCollector();
    const visit = fc.record({
      user: fc.nat(24),
      day: fc.integer({ min: 1, max: 8 }),
      version: fc.constantFrom('1.0.0', 'v1.0', '1.1.0-beta.2', '2.0.0'),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(visit, { minLength: 60, maxLength: 200, size: 'max' }),
        fc.uuid(),
        async (visits, project) => {
          const at = (day: number): string => `2026-11-0${day}`;
          await reportVisits(
            collector,
            visits.map(({ user, day, version }) => ({
              ...{ user: `user-${user}`, at: at(day), version, project },
            })),
          );
          // A person counts under what came first on a day.
          const first = new Map<string, string>();
          for (const { user, day, version } of visits) {
            const key = `${at(day)} ${user}`;
            if (!first.has(key)) first.set(key, version === 'v1.0' ? '1.0.0' : version);
          }
          const expected: string[] = [];
          for (const version of ['1.0.0', '1.1.0-beta.2', '2.0.0']) {
            for (let day = 1; day <= 8; day++) {
              const people = [...first].filter(
                ([key, value]) => key.startsWith(at(day)) && value === version,
              ).length;
              if (people < 10) continue;
              expected.push(`${at(day)} ${version} ${people}`);
              break;
            }
          }
          const url = `/v1/stats/annotations?project=${project}&from=2026-11-01`;
          expect(releases(await collector.get(url)).sort()).toEqual(expected.sort());
        },
      ),
      { numRuns: 15 },
    );
  });
});

describe('notes', () => {
  it('are told beside the releases of the same days, in the order of their days', async () => {
    const collector = await startCollector();
    await reportVisits(collector, crowd(10, '2.0.0', '2026-11-10'));
    await note(collector, { date: '2026-11-12', text: '=1+1' });
    await note(collector, { date: '2026-11-01', to: '2026-11-10', kind: 'incident', text: 'Down' });
    await note(collector, { date: '2026-10-01', text: 'Too early' });
    const answer = await collector.get(`${PATH}&from=2026-11-08&to=2026-11-12`);
    expect(rowsOf(answer).map(({ date, kind, text }) => [date, kind, text])).toEqual([
      ['2026-11-01', 'incident', 'Down'],
      ['2026-11-10', 'release', '2.0.0'],
      ['2026-11-12', 'note', '=1+1'],
    ]);
    const csv = await collector.get(`${PATH}&from=2026-11-08&to=2026-11-12&format=csv`);
    const lines = csv.text.split('\r\n');
    expect(lines[0]).toBe('project,date,to,kind,text,version,prerelease,people,id,public');
    expect(lines[2]).toBe('acme-cli,2026-11-10,2026-11-10,release,2.0.0,2.0.0,false,10,,');
    expect(lines[3]).toContain("'=1+1");
  });

  it('change the ETag', async () => {
    const collector = await startCollector();
    await reportVisits(collector, crowd(1, '2.0.0', '2026-11-10'));
    const { headers } = await collector.get(PATH);
    const given = { 'if-none-match': String(headers['etag']) };
    expect((await collector.get(PATH, given)).status).toBe(304);
    await note(collector, { date: '2026-11-20', text: 'New' });
    expect(await collector.get(PATH, given)).toMatchObject({ status: 200 });
  });
});

describe('without a token', () => {
  it('only notes that say so are shown, and only where the project is shown in detail', async () => {
    const collector = await startCollector();
    await reportVisits(collector, crowd(1, '2.0.0', '2026-11-10'));
    await note(collector, { date: '2026-11-20', text: 'For us' });
    expect((await collector.stranger(PATH)).status).toBe(401);
    await show(collector);
    const before = await collector.stranger(PATH);
    expect(rowsOf(before)).toEqual([]);
    // A note that is not shown changes nothing, the tag included.
    await note(collector, { date: '2026-11-21', text: 'For us too' });
    const given = { 'if-none-match': String(before.headers['etag']) };
    expect((await collector.stranger(PATH, given)).status).toBe(304);
    await note(collector, { date: '2026-11-21', text: 'For all', public: true });
    expect(rowsOf(await collector.stranger(PATH)).map(({ text }) => text)).toEqual(['For all']);
    expect(rowsOf(await collector.get(PATH)).map(({ text }) => text)).toEqual([
      ...['For us', 'For us too', 'For all'],
    ]);
    expect((await collector.stranger('/v1/stats/annotations')).status).toBe(401);
  });

  it('releases are those that follow from what is shown by day, and no others', async () => {
    let now = new Date('2026-08-10T12:00:00Z');
    const collector = await startCollector({ now: () => now });
    await show(collector);
    await reportVisits(collector, crowd(30, '1.0.0', '2026-08-10'));
    now = new Date('2026-11-22T21:00:00Z');
    await reportVisits(collector, [
      ...crowd(30, '1.0.0', '2026-11-04'),
      ...crowd(30, '1.0.0', '2026-11-05'),
      // Whether four had it on the day before, nobody may know.
      ...crowd(4, '2.0.0', '2026-11-05', 'early'),
      ...crowd(60, '1.0.0', '2026-11-06'),
      ...crowd(40, '2.0.0', '2026-11-06', 'early'),
      ...crowd(40, '2.0.0', '2026-11-07', 'early'),
      // Today is not over.
      ...crowd(20, '3.0.0', '2026-11-22', 'today'),
    ]);
    const seen = await collector.stranger(`${PATH}&from=2026-08-30`);
    expect(releases(seen)).toEqual(['2026-11-06 2.0.0 40']);
    const series = await collector.stranger(
      '/v1/stats/timeseries?project=acme-cli&group_by=version&window=1d&from=2026-11-01',
    );
    const shown = (series.body['rows'] as { date: string; group: string; value: number }[])
      .filter(({ group, value }) => group === '2.0.0' && value > 0)
      .map(({ date, value }) => `${date} 2.0.0 ${value}`);
    expect(shown[0]).toBe(releases(seen)[0]);
  });
});

it('tells of each project apart where all are asked for', async () => {
  const collector = await startCollector();
  const both = crowd(10, '2.0.0', '2026-11-10');
  await reportVisits(collector, both);
  await reportVisits(
    collector,
    both.map((one) => ({ ...one, project: 'other', at: '2026-11-12' })),
  );
  const { body } = await collector.get('/v1/stats/annotations');
  expect(body['rows']).toMatchObject([
    { project: 'acme-cli', date: '2026-11-10' },
    { project: 'other', date: '2026-11-12' },
  ]);
});
