import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compareAnswers } from '../../src/move/compare-answers.js';
import { openUnused } from '../../src/sqlite/database.js';
import type { UserQuestion } from '../../src/store/questions.js';
import { questions } from '../model/questions.js';
import { NaiveCount } from '../model/naive-count.js';
import { ENDED } from '../model/naive-support.js';
import type { WireReport } from '../model/naive-report.js';
import { streams } from '../model/streams.js';
import { toRequest } from '../model/to-request.js';
import { PROJECTS } from '../model/wire-reports.js';
import { ADMIN_TOKEN } from '../support/admin-token.js';
import { startCollector, type TestCollector } from '../support/start-collector.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { ASKED_ROUTES, pathOf } from './support/asked-routes.js';
import { temporarySchema } from './support/temporary-schema.js';

/** The same streams and questions in each run. */
const SEED = 20_261_130;

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
      const payload = { status: 'open', visibility: 'detailed', badge: true, ended: ENDED };
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
  for (const { app } of both) {
    const url = `/v1/projects/${encodeURIComponent(PROJECTS[0] ?? '')}/manifest`;
    const payload = { manifest_version: 1, project: PROJECTS[0], report: {}, events: {} };
    const answer = await app.inject({ method: 'PUT', url, payload, headers });
    expect(answer.statusCode, answer.body).toBeLessThan(300);
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

/** @returns The status that both answer the administrator with. */
async function expectSame(
  path: string,
  query: Readonly<Record<string, string>> = {},
): Promise<number | undefined> {
  const search = new URLSearchParams(query).toString();
  const url = search === '' ? path : `${path}?${search}`;
  let status: number | undefined;
  for (const level of [{}, headers]) {
    const [sqlite, postgres] = await askBoth(url, level);
    expect({ url, ...postgres }).toEqual({ url, ...sqlite });
    status = sqlite?.status;
  }
  expect(status, url).not.toBe(500);
  return status;
}

/** The people of the collector on SQLite. */
function peopleOf({ data }: TestCollector): UserQuestion[] {
  const db = openUnused(join(data, 'counts.db'));
  try {
    return db
      .prepare<{ project: string; uid: Buffer }>(
        'SELECT slug AS project, uid FROM users JOIN projects ON id = project_id',
      )
      .all();
  } finally {
    db.close();
  }
}

/** Each asks many questions, one after the other. */
const TIMEOUT_MS = 300_000;

describe('a collector on PostgreSQL', { timeout: TIMEOUT_MS }, () => {
  it('answers on every route that is only read, byte for byte as one on SQLite', async () => {
    expect(Object.keys(ASKED_ROUTES).sort()).toEqual([...paths].sort());
    for (const [route, asked] of Object.entries(ASKED_ROUTES)) {
      if (asked === null) continue;
      const statuses: unknown[] = [];
      for (const one of PROJECTS.flatMap((project) => asked.ask(project))) {
        statuses.push(await expectSame(pathOf(route, one), one.query));
      }
      expect(statuses, route).toContain(asked.status);
    }
  });

  it('answers every question of the store as one on SQLite', async () => {
    const [sqlite, postgres] = both;
    const users = peopleOf(sqlite);
    const { questions: asked, difference } = await compareAnswers(sqlite.store, postgres.store, {
      users,
    });
    expect(difference).toBeNull();
    expect(asked).toBeGreaterThan(100);
  });

  it('answers hundreds of questions with parameters alike, in every format', async () => {
    const all = fc.sample(questions(stream.around), { seed: SEED, numRuns: 400 });
    for (const { path, query } of all) {
      if (!path.startsWith('/v1/stats/live')) await expectSame(path, query);
    }
  });
});
