import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ADDRESSES, writeCountryTable } from '../support/country-table.js';
import { firstEvent } from '../support/first-event.js';
import { startCollector, type TestCollector } from '../support/start-collector.js';
import { type AtEnd, temporaryFolder } from '../support/temporary-folder.js';
import { type AskedAnswer, compare } from '../model/compare.js';
import { TOKEN, toRequest, type Request } from '../model/to-request.js';
import { cleanBoth } from '../model/cleaning-steps.js';
import { NaiveCount } from '../model/naive-count.js';
import { ENDED } from '../model/naive-support.js';
import type { WireReport } from '../model/naive-report.js';
import { streams, type Stream } from '../model/streams.js';
import { PROJECTS } from '../model/wire-reports.js';
import { type Question, questions } from '../model/questions.js';

/** More of them find more: `HEADCOUNT_MODEL_RUNS=500 npx vitest run <this file>`. */
const RUNS = 15;

const streamsAndQuestions = streams.chain((stream) =>
  fc.record({
    stream: fc.constant(stream),
    /** Asked in turn, some after each step. */
    questions: fc.array(questions(stream.around), { minLength: 5, maxLength: 120, size: 'max' }),
  }),
);

/** Makes an empty store for a collector; `undefined` for one that keeps its counts in its folder. */
export type MakeStore = (atEnd: AtEnd) => Promise<string | undefined>;

/** Runs a stream through a collector and through the model, and compares every answer. */
async function compareAll(
  makeStore: MakeStore,
  stream: Stream,
  asked: readonly Question[],
): Promise<void> {
  const undo: (() => void | Promise<void>)[] = [];
  const atEnd = (step: () => void | Promise<void>): void => void undo.unshift(step);
  try {
    const data = temporaryFolder(atEnd);
    const store = await makeStore(atEnd);
    const table = stream.hasCountries ? [writeCountryTable(undefined, atEnd)] : [];
    const countryOf = (address: string): string => ADDRESSES[address] ?? 'unknown';
    let now = stream.steps[0]?.at ?? 0;
    const start = async () => {
      const collector = await startCollector(
        {
          ...{ data, adminToken: TOKEN, timezone: stream.zone, now: () => new Date(now) },
          ...NO_LIMITS,
          store,
          countryTable: table,
        },
        atEnd,
      );
      return { ...collector, url: await collector.app.listen({ port: 0, host: '127.0.0.1' }) };
    };
    let collector = await start();
    const count = new NaiveCount(stream.zone);
    const sent: WireReport[] = [];
    let latest = now;
    for (const project of PROJECTS) {
      await send(collector, {
        method: 'PUT',
        url: `/v1/projects/${encodeURIComponent(project)}`,
        payload: { status: 'open', ended: ENDED },
        status: 201,
      });
    }
    const each = Math.ceil(asked.length / stream.steps.length);
    for (const [at, timed] of stream.steps.entries()) {
      now = timed.at;
      latest = Math.max(latest, now);
      const { step } = timed;
      if (step.kind === 'clean' || step.kind === 'undo') {
        await cleanBoth(step, now, latest, count, (method, url, payload) =>
          administrate(collector, method, url, payload),
        );
      } else if (step.kind === 'restart') {
        await collector.close();
        collector = await start();
      } else {
        const request = toRequest(
          ...([step, now, count, sent] as const),
          stream.hasCountries ? countryOf : undefined,
        );
        if (request) await send(collector, request);
      }
      // Whatever the questions are, they find everything counted by the clock of now.
      await collector.get('/stats');
      for (const question of asked.slice(at * each, (at + 1) * each)) {
        const [, user] = /^\/v1\/users\/(.*)$/.exec(question.path) ?? [];
        const project = question.query['project'] ?? '';
        // When exactly it is erased depends on a timer.
        if (user !== undefined && count.isPastUndoing(project, user, latest)) continue;
        await compare((path) => ask(collector, path), question, count, now);
      }
    }
  } finally {
    for (const step of undo) await step();
  }
}

/** Limits have models of their own. */
const NO_LIMITS = {
  ...{ rateLimit: 0, bytesLimit: 0, newIdsLimit: 0, newProjectsLimit: 0, newValuesLimit: 0 },
  ...{ projectRateLimit: 0, projectBytesLimit: 0, projectNewIdsLimit: 0 },
};

/** From another address each time: one may ask for users' data 60 times a minute. */
let address = 0;
const remoteAddress = (): string => `10.0.${(address >> 8) & 255}.${++address & 255}`;

async function ask(
  { app, url }: TestCollector & { readonly url: string },
  path: string,
): Promise<AskedAnswer> {
  // It would never end without a connection.
  if (path.startsWith('/v1/stats/live')) return firstEvent(`${url}${path}`);
  const answer = await app.inject({
    method: 'GET',
    url: path,
    remoteAddress: remoteAddress(),
    // The administrator sees users who have no owner too.
    headers: { authorization: `Bearer ${TOKEN}` },
  });
  const asOf = answer.headers['headcount-as-of'];
  return { status: answer.statusCode, text: answer.body, asOf };
}

async function administrate(
  { app }: TestCollector,
  method: 'POST' | 'DELETE',
  url: string,
  payload?: object,
) {
  const answer = await app.inject({
    method,
    url,
    headers: { authorization: `Bearer ${TOKEN}` },
    remoteAddress: remoteAddress(),
    ...(payload !== undefined && { payload }),
  });
  return { status: answer.statusCode, body: answer.json<Record<string, unknown>>() };
}

async function send({ app }: TestCollector, { status, from, ...request }: Request): Promise<void> {
  const answer = await app.inject({
    ...request,
    headers: { authorization: `Bearer ${TOKEN}` },
    remoteAddress: request.method === 'POST' ? (from ?? '127.0.0.1') : remoteAddress(),
  });
  expect({ status: answer.statusCode, request }, answer.body).toEqual({ status, request });
}

/** What every collector must answer over HTTP, whatever keeps its counts. */
export function naiveCountModel(makeStore: MakeStore, share = 1): void {
  const numRuns = Number(process.env['HEADCOUNT_MODEL_RUNS'] ?? Math.ceil(RUNS * share));
  it('a collector answers every question as one that counts all reports anew', async () => {
    await fc.assert(
      fc.asyncProperty(streamsAndQuestions, ({ stream, questions: asked }) =>
        compareAll(makeStore, stream, asked),
      ),
      // To shrink a stream takes minutes; the seed replays it.
      { numRuns, endOnFailure: true },
    );
  }, 600_000);
}
