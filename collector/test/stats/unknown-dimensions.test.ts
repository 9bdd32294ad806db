import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AGES } from '../../src/rules/age.js';
import { withToken } from '../support/admin-token.js';
import { reportVisits } from '../support/report-visits.js';
import { type Answer, startCollector, type TestCollector } from '../support/start-collector.js';

const PEOPLE = ['os', 'version', 'runtime_version', 'country', 'age'];
const OF_REPORTS = ['event', 'field:build.bundler', 'field:nope.nope', 'field:__proto__.__proto__'];
const NONE = [
  ...['', ' ', 'nope', 'OS', ' os', 'os,version', 'os\0', 'os\n', '\u202eso', '💥'],
  ...['field', 'field:', 'field:x', 'field:.', 'field:.x', 'event:', 'weeks_5_24', AGES[0]],
  ...['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'length', '0', '-1', 'null'],
  ...['x'.repeat(201), 'x'.repeat(5000), `field:${'x'.repeat(5000)}`],
];

const undo: (() => void | Promise<void>)[] = [];
let collector: TestCollector;
let askers: Record<string, (url: string) => Promise<Answer>>;

beforeAll(async () => {
  collector = await startCollector({ visibility: 'detailed', statsRateLimit: 0 }, (step) =>
    undo.unshift(step),
  );
  await reportVisits(
    collector,
    Array.from({ length: 12 }, (_, n) => ({
      ...{ user: `u${n}`, at: '2026-11-20', event: 'build', fields: { bundler: 'vite' } },
    })),
  );
  const body = { level: 'restricted', project: 'acme-cli' };
  const { token } = (await collector.post('/v1/tokens', body, withToken())).body;
  askers = {
    public: (url) => collector.stranger(url),
    restricted: (url) => collector.get(url, withToken(String(token))),
    administrator: (url) => collector.get(url),
  };
});
afterAll(async () => {
  for (const step of undo) await step();
});

const QUESTIONS = {
  '/v1/stats/adoption': ['dimension', ['', 'window=7d', 'window=1d&limit=1']],
  '/v1/stats/breakdown': ['dimension', ['', 'metric=people', 'metric=reports']],
  '/v1/stats/timeseries': ['group_by', ['', 'window=7d', 'metric=reports', 'metric=new']],
  '/v1/stats/support': ['dimension', ['']],
  '/v1/stats/forecast': ['of', ['', 'metric=reports']],
} as const;

describe('a question by a dimension', () => {
  for (const [path, [parameter, queries]] of Object.entries(QUESTIONS)) {
    it(`refuses what is none, whoever asks ${path}`, async () => {
      const given = (name: string, query: string): string =>
        `${path}?project=acme-cli&${parameter}=${encodeURIComponent(name)}${query && `&${query}`}`;
      for (const [who, ask] of Object.entries(askers)) {
        const needsToken = who === 'public' && /support|forecast/.test(path);
        for (const query of queries) {
          for (const name of NONE) {
            const { status, body } = await ask(given(name, query));
            const shown = name.slice(0, 40);
            // The query is looked at before the token.
            if (needsToken && status === 401) continue;
            const problem = {
              who,
              shown,
              query,
              status,
              code: body['code'],
              of: body['parameter'],
            };
            expect(problem).toEqual({
              ...{ who, shown, query, status: 400, code: 'bad_parameter', of: parameter },
            });
          }
          for (const name of [...PEOPLE, ...OF_REPORTS]) {
            const { status, body } = await ask(given(name, query));
            const seen = { who, name, query, status, of: body['parameter'] };
            if (status !== 200) expect([400, 401, seen]).toContain(status);
            if (status === 400) expect(seen).toMatchObject({ of: parameter });
          }
        }
        if (needsToken) continue;
        const twice = await ask(`${path}?project=acme-cli&${parameter}=os&${parameter}=os`);
        expect(twice).toMatchObject({ status: 400, body: { code: 'bad_parameter' } });
      }
    });
  }

  it('names those that there are', async () => {
    for (const ask of Object.values(askers)) {
      for (const dimension of ['event', 'field:build.bundler', 'field:x', 'nope']) {
        const url = `/v1/stats/adoption?project=acme-cli&dimension=${dimension}`;
        const { body } = await ask(url);
        expect(body['allowed']).toEqual(expect.arrayContaining(PEOPLE));
        expect(body['allowed']).not.toContain('event');
      }
    }
  });

  it('is answered for each that there is', async () => {
    for (const [who, ask] of Object.entries(askers)) {
      for (const name of PEOPLE) {
        // Ages need a token.
        const status = who === 'public' && name === 'age' ? 400 : 200;
        for (const url of [`adoption?dimension=${name}`, `breakdown?dimension=${name}`]) {
          const answer = await ask(`/v1/stats/${url}&project=acme-cli`);
          expect({ who, url, status: answer.status }).toEqual({ who, url, status });
        }
      }
    }
  });
});

describe('a cleaning of a value', () => {
  it('refuses a dimension that is none', async () => {
    for (const dimension of [...NONE, 'age']) {
      const { status, body } = await collector.post(
        '/v1/projects/acme-cli/cleanings',
        { where: { dimension, value: 'x' }, dry_run: true },
        withToken(),
      );
      const shown = dimension.slice(0, 40);
      expect({ shown, status, path: body['path'] }).toEqual({
        ...{ shown, status: 422, path: '/where/dimension' },
      });
    }
  });
});
