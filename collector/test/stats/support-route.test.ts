import { describe, expect, it } from 'vitest';
import { withToken } from '../support/admin-token.js';
import { fullReport } from '../support/reports.js';
import { reportVisits } from '../support/report-visits.js';
import { startCollector, type Answer, type TestCollector } from '../support/start-collector.js';

const put = (collector: TestCollector, payload: object) =>
  collector.app.inject({
    ...{ method: 'PUT', url: '/v1/projects/acme-cli', headers: withToken(), payload },
  });

/** Controls, line ends, format characters such as bidi overrides, and half a character. */
const UNSEEN = ['\n', '\r', '\0', '\u001b', '\u007f', '\u0085', '\u2028', '\u2029'].concat([
  '\u202e',
  '\u2066',
  '\u200b',
  '\u200f',
  '\ufeff',
  '\u00ad',
  '\ue000',
  '\ud800',
]);

const rowsOf = ({ body }: Answer) => body['rows'] as Record<string, unknown>[];

const shares = (answer: Answer) =>
  rowsOf(answer).map(({ of, value, people, share_from_here: share, ended }) =>
    of === null ? [value, people, share, ended] : [of, value, people, share, ended],
  );

const users = (names: string, version: string, at = '2026-11-20') =>
  names.split(' ').map((user) => ({ user, version, at }));

describe('GET /v1/stats/support', () => {
  it('tells how many people a version and all later ones have, in the order of versions', async () => {
    const collector = await startCollector();
    await reportVisits(collector, [
      ...users('a b c', '1.9.0'),
      ...users('d e', 'v1.10'),
      ...users('f', '2.0.0-beta.2'),
      ...users('g', '2.0.0-beta.10'),
      ...users('h i', '2.0.0'),
      ...users('j', 'nightly'),
      // Longer ago than 28 days.
      ...users('k', '0.1.0', '2026-10-24'),
      { user: 'farm', at: '2026-11-20', version: '9.0.0', source: 'ci' },
    ]);
    expect((await put(collector, { ended: { version: '<1.10 || 2.0.0-beta.2' } })).statusCode).toBe(
      200,
    );
    const answer = await collector.get('/v1/stats/support?project=acme-cli&dimension=version');
    expect(shares(answer)).toEqual([
      ['2.0.0', 2, 0.2, false],
      ['2.0.0-beta.10', 1, 0.3, false],
      ['2.0.0-beta.2', 1, 0.4, true],
      ['1.10.0', 2, 0.6, false],
      ['1.9.0', 3, 0.9, true],
      ['nightly', 1, null, false],
    ]);
    expect(answer.body).toMatchObject({
      ...{ dimension: 'version', window: '28d', total: 10, values_left_out: 0 },
      ended: [{ of: null, total: 10, people: 4, share: 0.4 }],
    });
    const few = await collector.get('/v1/stats/support?project=acme-cli&limit=2&format=csv');
    expect(few.text.split('\r\n').map((line) => line.split(',')[1])).toEqual([
      ...['value', '2.0.0', '1.9.0', undefined],
    ]);
  });

  it('counts a person once, on the last day', async () => {
    const collector = await startCollector();
    await reportVisits(collector, [
      ...users('a', '1.0.0', '2026-11-10'),
      ...users('a', '2.0.0', '2026-11-12'),
      ...users('b', '2.0.0', '2026-11-12'),
      // A late report of an older version.
      ...users('b', '1.0.0', '2026-11-11'),
      ...users('c', '3.0.0', '2026-11-12'),
      ...users('c', '1.0.0', '2026-11-13'),
    ]);
    expect(shares(await collector.get('/v1/stats/support?project=acme-cli'))).toEqual([
      ['2.0.0', 2, 2 / 3, false],
      ['1.0.0', 1, 1, false],
    ]);
  });

  it('says of no version that it has ended, or not, without a project', async () => {
    const collector = await startCollector();
    await reportVisits(collector, [...users('a', '1.0.0'), ...users('b', '2.0.0')]);
    await put(collector, { ended: { version: '<2', os_version: { Linux: '<99' } } });
    for (const dimension of ['version', 'os_version', 'runtime_version']) {
      const url = `/v1/stats/support?dimension=${dimension}`;
      const { body } = await collector.get(url);
      expect(body['ended']).toMatchObject([{ total: 2, people: null, share: null }]);
      for (const row of body['rows'] as object[]) expect(row).toMatchObject({ ended: null });
      const csv = await collector.get(`${url}&format=csv`);
      const [head = '', row = ''] = csv.text.split('\r\n').map((line) => line.split(','));
      expect(row[head.indexOf('ended')]).toBe('');
    }
    const { body } = await collector.get('/v1/stats/support?project=acme-cli');
    expect(body['ended']).toMatchObject([{ total: 2, people: 1, share: 0.5 }]);
  });

  it('has versions with numbers that are too large apart, and never as ended', async () => {
    const collector = await startCollector();
    const large = [
      '9999999999999999999999.0.0',
      '1.0.20241122103055123456',
      '2024112210305599999.0',
    ];
    await reportVisits(collector, [
      ...users('a', '2.0.0'),
      ...users('b', '1.0.0'),
      ...large.flatMap((version, at) => users(`large-${at}`, version)),
    ]);
    await put(collector, { ended: { version: '<2' } });
    const { body } = await collector.get('/v1/stats/support?project=acme-cli');
    expect(body['ended']).toEqual([{ of: null, total: 5, people: 1, share: 0.2 }]);
    const rows = body['rows'] as Record<string, unknown>[];
    expect(
      rows.slice(0, 2).map((row) => [row['value'], row['people_from_here'], row['ended']]),
    ).toEqual([
      ['2.0.0', 1, false],
      ['1.0.0', 2, true],
    ]);
    expect(rows.slice(2)).toHaveLength(large.length);
    for (const row of rows.slice(2)) {
      expect(row).toMatchObject({ people: 1, people_from_here: null, ended: false });
    }
  });

  it('tells runtimes and systems apart', async () => {
    const collector = await startCollector();
    const people = [
      ['Linux', '6.18', 'node', '20.20'],
      ['Linux', '6.9', 'node', 'v18.19'],
      ['linux', '6.18', 'Node', '20.20'],
      ['Darwin', '25.1', 'bun', '1.2'],
    ];
    for (const [at, [os, os_version, runtime, runtime_version]] of people.entries()) {
      const report = fullReport({ anonymous_id: `user-${at}` });
      const info = { ...report.info, os, os_version, runtime, runtime_version };
      await collector.post('/v1/reports', { ...report, info });
    }
    await put(collector, {
      ended: { runtime_version: { Node: '<20' }, os_version: { Darwin: '<26' } },
    });
    expect(
      shares(await collector.get('/v1/stats/support?project=acme-cli&dimension=os_version')),
    ).toEqual([
      ['Linux', '6.18', 2, 2 / 3, false],
      ['Linux', '6.9', 1, 1, false],
      ['Darwin', '25.1', 1, 1, true],
    ]);
    const runtimes = await collector.get(
      '/v1/stats/support?project=acme-cli&dimension=runtime_version',
    );
    expect(shares(runtimes)).toEqual([
      ['node', '20.20', 2, 2 / 3, false],
      ['node', '18.19', 1, 1, true],
      ['bun', '1.2', 1, 1, false],
    ]);
    expect(runtimes.body['ended']).toEqual([
      { of: 'node', total: 3, people: 1, share: 1 / 3 },
      { of: 'bun', total: 1, people: 0, share: 0 },
    ]);
  });

  it('tells how many days it took until half of the people had a version or a later one', async () => {
    const collector = await startCollector();
    await reportVisits(
      collector,
      ['a', 'b', 'c', 'd'].flatMap((user, at) =>
        Array.from({ length: 20 }, (_, day) => ({
          user,
          at: `2026-11-${String(day + 1).padStart(2, '0')}`,
          // One after the other updates, every second day from the fifth on.
          version: day >= 4 + 2 * at ? '1.1.0' : '1.0.0',
        })),
      ),
    );
    const rows = rowsOf(await collector.get('/v1/stats/support'));
    // In the week up to the 12th, 8 + 6 + 4 + 2 … days of people are on 1.1.0, of 28.
    expect(
      rows.map(({ value, first_date, days_to_half }) => [value, first_date, days_to_half]),
    ).toEqual([['1.1.0', '2026-11-05', 6]]);
  });

  it('tells below the administrator’s level no days of few people', async () => {
    const collector = await startCollector();
    await reportVisits(collector, [
      ...users('a b c d', '1.0.0', '2026-10-26'),
      ...users('a b c d', '1.0.0', '2026-11-15'),
      ...users('e f g h i', '2.0.0', '2026-11-10'),
      ...users('j', '3.0.0', '2026-11-16'),
    ]);
    const days = async (headers: Record<string, string>) =>
      rowsOf(await collector.get('/v1/stats/support?project=acme-cli', headers)).map(
        ({ value, people, first_date, days_to_half }) => [value, people, first_date, days_to_half],
      );
    // In the week up to the 22nd, the only person who came is on 3.0.0.
    expect(await days(withToken())).toEqual([
      ['3.0.0', 1, '2026-11-16', 6],
      ['2.0.0', 5, '2026-11-10', 0],
      ['1.0.0', 4, '2026-10-26', 0],
    ]);
    for (const level of ['restricted', 'developer']) {
      const made = await collector.post('/v1/tokens', { level, project: 'acme-cli' }, withToken());
      const headers = withToken(String(made.body['token']));
      expect(await days(headers)).toEqual([
        ['3.0.0', 1, null, null],
        ['2.0.0', 5, '2026-11-10', 0],
        ['1.0.0', 4, null, null],
      ]);
      for (const dimension of ['version', 'runtime_version', 'os_version']) {
        const url = `/v1/stats/support?project=acme-cli&dimension=${dimension}`;
        for (const window of ['29d', '34d', '35d', '60d']) {
          expect(await collector.get(`${url}&window=${window}`, headers)).toMatchObject({
            status: 400,
            body: { code: 'bad_parameter', parameter: 'window', allowed: ['28d'] },
          });
          expect((await collector.get(`${url}&window=${window}`)).status).toBe(200);
        }
        const same = await collector.get(`${url}&window=28d`, headers);
        expect(same.body['rows']).toEqual((await collector.get(url, headers)).body['rows']);
      }
    }
  });

  it('refuses what it cannot answer', async () => {
    const collector = await startCollector();
    for (const [query, parameter] of [
      ['window=7d', 'window'],
      ['window=61d', 'window'],
      ['dimension=os', 'dimension'],
      ['limit=0', 'limit'],
    ]) {
      const answer = await collector.get(`/v1/stats/support?${query}`);
      expect(answer).toMatchObject({ status: 400, body: { parameter } });
    }
    expect((await collector.stranger('/v1/stats/support?project=acme-cli')).status).toBe(401);
    const answer = await put(collector, { ended: { os_version: { Linux: 'old ones' } } });
    expect([answer.statusCode, answer.json()]).toMatchObject([
      422,
      { code: 'bad_range', path: '/ended/os_version/Linux' },
    ]);
  });
});

describe('coverage', () => {
  it('is in every answer to the public, as the project says it', async () => {
    const collector = await startCollector();
    await reportVisits(collector, users('a', '1.0.0', '2026-11-20'));
    const coverage = 'About a third of all “acme” users — those who said yes.';
    const answer = await put(collector, { coverage, visibility: 'detailed' });
    expect(answer.json()).toMatchObject({ coverage, ended: {} });
    const ask = async (path: string) => (await collector.stranger(path)).body['coverage'];
    for (const question of [
      'summary?',
      'timeseries?',
      'growth?',
      'adoption?',
      'breakdown?dimension=os&',
    ]) {
      expect([question, await ask(`/v1/stats/${question}project=acme-cli`)]).toEqual([
        question,
        coverage,
      ]);
    }
    expect(await ask('/stats?project=acme-cli')).toBe(coverage);
    expect(await ask('/stats')).toBeUndefined();
    const { headers } = await collector.stranger('/v1/stats/summary?project=acme-cli');
    await put(collector, { coverage: '' });
    const known = { 'if-none-match': String(headers['etag']) };
    expect((await collector.stranger('/v1/stats/summary?project=acme-cli', known)).status).toBe(
      200,
    );
    expect(await ask('/v1/stats/summary?project=acme-cli')).toBeUndefined();
  });

  it('is in a header where an answer has rows alone, which pages may read', async () => {
    const page = 'https://acme.example';
    const collector = await startCollector({ corsOrigins: [page] });
    await reportVisits(collector, users('a', '1.0.0', '2026-11-20'));
    const coverage = 'Etwa ein Drittel – 100 % „acme“, 三分の一 💚';
    await put(collector, { coverage, visibility: 'detailed' });
    for (const question of [
      'summary?',
      'timeseries?',
      'timeseries?group_by=os&',
      'growth?',
      'adoption?',
      'annotations?',
      'breakdown?dimension=os&',
    ]) {
      const url = `/v1/stats/${question}project=acme-cli`;
      for (const token of [{}, withToken()]) {
        const asks = (asked: string) => collector.stranger(asked, { ...token, origin: page });
        for (const format of ['csv', 'ndjson']) {
          const { status, headers } = await asks(`${url}&format=${format}`);
          expect([question, status]).toEqual([question, 200]);
          const told = String(headers['headcount-coverage']);
          expect(told).toMatch(/^[!-~]+$/);
          expect(decodeURIComponent(told)).toBe(coverage);
          const exposed = String(headers['access-control-expose-headers']).split(', ');
          expect(exposed).toContain('headcount-coverage');
          expect(exposed).toContain('headcount-merged');
        }
        expect(await asks(url)).toMatchObject({ body: { coverage } });
      }
    }
    const all = await collector.stranger('/v1/stats/summary?format=csv');
    expect(all).toMatchObject({ status: 200 });
    expect(all.headers).not.toHaveProperty('headcount-coverage');
    expect(all.text).not.toContain('coverage');
  });

  it('is one line of visible characters, without spaces around it', async () => {
    const collector = await startCollector();
    expect((await put(collector, { coverage: '  One in “four” – 四 💚  ' })).json()).toMatchObject({
      coverage: 'One in “four” – 四 💚',
    });
    for (const unseen of UNSEEN) {
      for (const coverage of [`a${unseen}b`, `${unseen}b`, `a${unseen}`]) {
        const answer = await put(collector, { coverage });
        const { code, path } = answer.json<Record<string, unknown>>();
        const given = JSON.stringify(coverage);
        expect({ given, status: answer.statusCode, code, path }).toEqual({
          ...{ given, status: 422, code: 'bad_text', path: '/coverage' },
        });
      }
    }
    const { body } = await collector.get('/v1/stats/summary?project=acme-cli');
    expect(body).toMatchObject({ coverage: 'One in “four” – 四 💚' });
    expect((await put(collector, { coverage: '   ' })).json()).toMatchObject({ coverage: null });
  });
});
