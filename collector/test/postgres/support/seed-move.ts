import { join } from 'node:path';
import fc from 'fast-check';
import { openPepper, pepperIdOf } from '../../../src/privacy/pepper.js';
import { openCountsWriter } from '../../../src/store/sqlite/counts-writer.js';
import { cleanBoth } from '../../model/cleaning-steps.js';
import { NaiveCount } from '../../model/naive-count.js';
import type { WireReport } from '../../model/naive-report.js';
import { streams } from '../../model/streams.js';
import { toRequest } from '../../model/to-request.js';
import { PROJECTS } from '../../model/wire-reports.js';
import { ADMIN_TOKEN } from '../../support/admin-token.js';
import { countedReport, DAY_MS } from '../../support/counted-report.js';
import { reportVisits, type Visit } from '../../support/report-visits.js';
import { startCollector, type TestCollector } from '../../support/start-collector.js';
import { type AtEnd, temporaryFolder } from '../../support/temporary-folder.js';
import { until } from '../../support/until.js';

const SEED = 20_261_201;

type Send = (
  method: 'POST' | 'PUT' | 'DELETE',
  url: string,
  payload?: object,
) => Promise<{ readonly status: number; readonly body: Readonly<Record<string, unknown>> }>;

const NO_LIMITS = {
  ...{ rateLimit: 0, bytesLimit: 0, newIdsLimit: 0, newProjectsLimit: 0, newValuesLimit: 0 },
  ...{ projectRateLimit: 0, projectBytesLimit: 0, projectNewIdsLimit: 0, statsRateLimit: 0 },
};

/** A folder whose collector has stopped, and the moment at which it did. */
export interface SeededFolder {
  readonly data: string;
  readonly now: () => Date;
}

/**
 * Counts a stream of reports, erasures, cleanings and undoings over HTTP, after a project whose values
 * and dimensions have given their places up.
 */
export async function seedMove(atEnd: AtEnd): Promise<SeededFolder> {
  const [stream] = fc
    .sample(streams, { seed: SEED, numRuns: 60 })
    .toSorted((a, b) => b.steps.length - a.steps.length);
  const begin = stream?.steps[0]?.at;
  if (stream === undefined || begin === undefined) throw new Error('There is a stream.');
  const data = temporaryFolder(atEnd);
  await fillPlaces(data, Math.floor(begin / DAY_MS) - 3);
  let now = begin;
  const clock = (): Date => new Date(now);
  const collector = await startCollector(
    { ...NO_LIMITS, data, timezone: stream.zone, now: clock, checkJobsEveryMs: 2 ** 30 },
    atEnd,
  );
  const headers = { authorization: `Bearer ${ADMIN_TOKEN}` };
  const send: Send = async (method, url, payload) => {
    const given = payload === undefined ? {} : { payload };
    const answer = await collector.app.inject({ method, url, headers, ...given });
    const body: unknown = answer.body.startsWith('{') ? answer.json() : {};
    return { status: answer.statusCode, body: body as Readonly<Record<string, unknown>> };
  };
  for (const project of PROJECTS) {
    await send('PUT', `/v1/projects/${encodeURIComponent(project)}`, { status: 'open' });
  }
  const count = new NaiveCount(stream.zone);
  const sent: WireReport[] = [];
  let latest = now;
  for (const { at, step } of stream.steps) {
    now = at;
    latest = Math.max(latest, now);
    if (step.kind === 'restart') continue;
    if (step.kind === 'clean' || step.kind === 'undo') {
      await cleanBoth(step, now, latest, count, send);
    } else {
      const request = toRequest(step, now, count, sent);
      if (request) await send(request.method, request.url, request.payload);
    }
    await collector.get('/v1/stats/summary');
  }
  await addKnownPeople(collector, now, send);
  await collector.close();
  return { data, now: clock };
}

/** People of the last days: some are erased, some cleaned out, and some reports came twice. */
async function addKnownPeople(collector: TestCollector, now: number, send: Send): Promise<void> {
  const visits = Array.from({ length: 40 }, (_, n): Visit => {
    const at = new Date(now - (n % 4) * DAY_MS - 1000).toISOString();
    const user = `00000000000000${10 + (n % 20)}`;
    const version = n % 5 === 0 ? '6.6.6' : '1.0.0';
    return { project: 'known', user, at, version, source: n % 3 === 0 ? 'given' : 'machine' };
  });
  await reportVisits(collector, visits);
  await collector.get('/v1/stats/summary');
  for (const user of ['0000000000000011', '0000000000000012']) {
    await send('DELETE', `/v1/users/${user}?project=known`);
  }
  const where = { dimension: 'version', value: '6.6.6' };
  const cleaned = await send('POST', '/v1/projects/known/cleanings', { where });
  if (cleaned.status >= 300) throw new Error(JSON.stringify(cleaned.body));
  await until('the cleaning is done', async () => {
    const cleanings = await collector.store.cleanings();
    return cleanings.every(({ state }) => !['taking', 'undoing'].includes(state));
  });
}

/** A project whose day closes while it has too many values, and too many dimensions. */
async function fillPlaces(data: string, day: number): Promise<void> {
  const pepperId = pepperIdOf(openPepper(join(data, 'pepper'), true));
  const writer = openCountsWriter(join(data, 'counts.db'), 0, undefined, pepperId);
  const on = (receivedDay: number) => ({
    ...{ project: 'full', day: receivedDay, receivedDay },
    receivedAt: receivedDay * DAY_MS,
  });
  const reports = [
    ...Array.from({ length: 950 }, (_, n) =>
      countedReport({ ...on(day), user: `u${n % 40}`, version: `1.${n}.0` }),
    ),
    ...Array.from({ length: 390 }, (_, n) =>
      countedReport({
        ...{ ...on(day), user: `u${n % 40}`, event: `e${n}`, fields: { size: `s${n}` } },
      }),
    ),
    countedReport({ ...on(day + 1), user: 'u1', lostTotal: 123, ownerHash: Buffer.alloc(16, 7) }),
  ];
  await writer.apply({
    ...{ journalId: 'seed', after: 0, upTo: reports.length, reports, deletions: [] },
    appliedAt: (day + 1) * DAY_MS,
  });
  await writer.close();
}
