import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PEOPLE_DIMENSIONS } from '../../src/rules/dimensions.js';
import { EXPORTS } from '../../src/store/export-rows.js';
import { questions } from '../model/questions.js';
import { NaiveCount } from '../model/naive-count.js';
import { ENDED } from '../model/naive-support.js';
import type { WireReport } from '../model/naive-report.js';
import { streams } from '../model/streams.js';
import { toRequest } from '../model/to-request.js';
import { PEOPLE, PROJECTS } from '../model/wire-reports.js';
import { ADMIN_TOKEN } from '../support/admin-token.js';
import { startCollector, type TestCollector } from '../support/start-collector.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { temporarySchema } from './support/temporary-schema.js';

/** The same streams and questions in each run. */
const SEED = 20_261_130;

/** Of this process or of the machine, or a stream without an end: they say nothing of the counts. */
const NOT_OF_COUNTS =
  /^\/($|health$|livez$|readyz$|metrics$|logs|openapi\.json$|v1\/(logs|performance|tokens|session|audit|stats\/live))/;

const NO_LIMITS = {
  ...{ rateLimit: 0, bytesLimit: 0, newIdsLimit: 0, newProjectsLimit: 0, newValuesLimit: 0 },
  ...{ projectRateLimit: 0, projectBytesLimit: 0, projectNewIdsLimit: 0, statsRateLimit: 0 },
};

const headers = { authorization: `Bearer ${ADMIN_TOKEN}` };

const [stream] = fc
  .sample(streams, { seed: SEED, numRuns: 60 })
  .toSorted((a, b) => b.steps.length - a.steps.length);
if (stream === undefined) throw new Error('There is a stream.');

const undo: (() => void | Promise<void>)[] = [];
const atEnd = (step: () => void | Promise<void>): void => void undo.unshift(step);
let now = 0;
let both: readonly [sqlite: TestCollector, postgres: TestCollector];
let paths: string[] = [];

beforeAll(async () => {
  const options = {
    ...{ timezone: stream.zone, now: () => new Date(now), ...NO_LIMITS },
    ...{ checkJobsEveryMs: 2 ** 30, maxJournalBytes: 2 ** 30 },
  };
  now = stream.steps[0]?.at ?? 0;
  const sqlite = await startCollector({ ...options, data: temporaryFolder(atEnd) }, atEnd);
  const data = temporaryFolder(atEnd);
  // Who is who is told by the pepper.
  copyFileSync(join(sqlite.data, 'pepper'), join(data, 'pepper'));
  const store = await temporarySchema(atEnd);
  both = [sqlite, await startCollector({ ...options, data, store }, atEnd)];
  for (const project of PROJECTS) {
    for (const { app } of both) {
      const url = `/v1/projects/${encodeURIComponent(project)}`;
      const payload = { status: 'open', visibility: 'detailed', ended: ENDED };
      const answer = await app.inject({ method: 'PUT', url, payload, headers });
      expect(answer.statusCode, answer.body).toBe(201);
    }
  }
  const count = new NaiveCount(stream.zone);
  const sent: WireReport[] = [];
  for (const { at, step } of stream.steps) {
    now = at;
    if (step.kind === 'clean' || step.kind === 'undo' || step.kind === 'restart') continue;
    const request = toRequest(step, now, count, sent);
    if (request === undefined) continue;
    const { status, from, ...rest } = request;
    for (const { app } of both) {
      const remoteAddress = from ?? '127.0.0.1';
      const answer = await app.inject({ ...rest, headers, remoteAddress });
      expect(answer.statusCode, answer.body).toBe(status);
    }
    for (const collector of both) await collector.get('/v1/stats/summary');
  }
  const openapi = await sqlite.app.inject({ url: '/openapi.json' });
  const described = openapi.json<{ paths: Record<string, { get?: unknown }> }>().paths;
  paths = Object.entries(described).flatMap(([path, { get }]) => (get ? [path] : []));
});

afterAll(async () => {
  for (const step of undo) await step();
});

interface Told {
  readonly status: number;
  readonly type: unknown;
  readonly body: string;
}

/**
 * What each collector answers, but for the number that a problem names the request by, and the short
 * names of people, which each answer makes by a key of its own.
 */
async function askBoth(url: string, level: object = headers): Promise<readonly Told[]> {
  const ask = async ({ app }: TestCollector): Promise<Told> => {
    const answer = await app.inject({ url, headers: { ...level } });
    const body = answer.body
      .replace(/"request_id":"[^"]*"/, '"request_id":""')
      .replaceAll(/[0-9a-f]{8}\*{4}/g, 'somebody');
    return { status: answer.statusCode, type: answer.headers['content-type'], body };
  };
  return [await ask(both[0]), await ask(both[1])];
}

const asked = new Set<string>();

async function expectSame(path: string, query: Readonly<Record<string, string>> = {}) {
  const search = new URLSearchParams(query).toString();
  const url = search === '' ? path : `${path}?${search}`;
  for (const level of [headers, {}]) {
    const [sqlite, postgres] = await askBoth(url, level);
    expect({ url, ...postgres }).toEqual({ url, ...sqlite });
    if (level === headers) expect(sqlite?.status, `${url}: ${sqlite?.body}`).not.toBe(500);
  }
}

/** A path of the list as it is asked, with the parameters that it needs. */
function toAsked(path: string): { readonly url: string; readonly query: Record<string, string> }[] {
  return [...PROJECTS].flatMap((project) => {
    const url = path
      .replace('{project}', encodeURIComponent(project))
      .replace('{anonymous_id}', PEOPLE[0] ?? '')
      .replace('{id}', 'none');
    if (path === '/v1/export') return EXPORTS.map((what) => ({ url, query: { project, what } }));
    if (path === '/v1/stats/breakdown') {
      return [...PEOPLE_DIMENSIONS, 'event'].map((dimension) => ({
        ...{ url, query: { project, dimension } },
      }));
    }
    const takesNone = /^\/v1\/(projects|cleanings|retention)/.test(path);
    return [{ url, query: takesNone || path === '/v1/stats/projects' ? {} : { project } }];
  });
}

describe('a collector on PostgreSQL', () => {
  it('answers every question of the counts byte for byte as one on SQLite', async () => {
    const questionsOfCounts = paths.filter((path) => !NOT_OF_COUNTS.test(path));
    expect(questionsOfCounts.length).toBeGreaterThan(20);
    for (const path of questionsOfCounts) {
      for (const { url, query } of toAsked(path)) await expectSame(url, query);
      asked.add(path);
    }
    expect([...asked].sort()).toEqual([...questionsOfCounts].sort());
  });

  it('answers hundreds of questions with parameters alike, in every format', async () => {
    const all = fc.sample(questions(stream.around), { seed: SEED, numRuns: 400 });
    for (const { path, query } of all) {
      if (!path.startsWith('/v1/stats/live')) await expectSame(path, query);
    }
  });
});
