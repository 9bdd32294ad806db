import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { withToken } from '../support/admin-token.js';
import { changeProject } from '../support/shown-project.js';
import type { TestCollector } from '../support/start-collector.js';
import { until } from '../support/until.js';
import { type FakeRedis, startFakeRedis } from './support/start-fake-redis.js';
import { startNodes } from './support/start-nodes.js';
import { temporarySchema } from './support/temporary-schema.js';

const undo: (() => void | Promise<void>)[] = [];
const atEnd = (step: () => void | Promise<void>): void => void undo.unshift(step);

/** Answers may be shared for ten seconds, also beyond the end of a day. */
const START = Date.parse('2026-11-22T23:59:56.000Z');
let laterMs = 0;
let redis: FakeRedis;
let sent = 0;

/** One with the cache, one without it that says what is right, and two with another option each. */
let usual: TestCollector;
let alone: TestCollector;
let others: Readonly<Record<'large' | 'far', TestCollector>>;
let tokens: Readonly<Record<'restricted' | 'developer' | 'ofProject', string>>;

/** How a question is asked. */
interface Variant {
  /** @default SUMMARY */
  readonly url?: string;
  /** The token; `null` for none. @default the administrator's */
  readonly token?: () => string | null;
  readonly accept?: string;
  /** The settings of the projects when it is asked. */
  readonly settings?: Readonly<Record<string, object>>;
  readonly laterMs?: number;
  /** Which collector is asked, and what of its answer follows from its own option. */
  readonly by?: readonly [keyof typeof others, string];
}

const USUAL = {
  ...{ timezone: 'UTC', visibility: 'detailed', coverage: 'Who reports.', invented: false },
  ended: {},
};
const PROJECTS = ['one-cli', 'other-cli'] as const;
const SUMMARY = '/v1/stats/summary?project=one-cli';
const GROWTH = '/v1/stats/growth?project=one-cli';
const SERIES = '/v1/stats/timeseries?project=one-cli';
const BREAKDOWN = '/v1/stats/breakdown?project=one-cli';
const SUPPORT = '/v1/stats/support?project=one-cli';
const nobody = (): null => null;

beforeAll(async () => {
  const store = await temporarySchema(atEnd);
  redis = await startFakeRedis(atEnd);
  const options = {
    ...{ store, now: () => new Date(START + laterMs), checkJobsEveryMs: 2 ** 30 },
    // The slowest of machines must not take its own slowness for that of the cache.
    cacheWaitMs: 2 ** 30,
  };
  const cache = redis.url;
  const nodes = await startNodes(
    [
      ...[{ cache }, {}],
      ...[
        { cache, k: 50 },
        { cache, timezone: 'Asia/Tokyo' },
      ],
    ].map((one) => ({ ...options, ...one })),
    atEnd,
  );
  const [first, second, large, far] = nodes;
  if (!first || !second || !large || !far) throw new Error('There are four.');
  usual = first;
  alone = second;
  others = { large, far };
  for (const project of PROJECTS) {
    const { app } = first;
    const url = `/v1/projects/${project}`;
    const put = { method: 'PUT', url, payload: USUAL, headers: withToken() } as const;
    const answer = await app.inject(put);
    expect(answer.statusCode, answer.body).toBe(201);
  }
  const makeToken = async (settings: object): Promise<string> => {
    const { body } = await first.post('/v1/tokens', settings, withToken());
    const token = String(body['token']);
    for (const node of nodes) {
      await until('the collector lets it in', async () => {
        return (await node.stranger(SUPPORT, withToken(token))).status === 200;
      });
    }
    return token;
  };
  tokens = {
    restricted: await makeToken({ level: 'restricted' }),
    developer: await makeToken({ level: 'developer' }),
    ofProject: await makeToken({ level: 'developer', project: 'one-cli' }),
  };
});

afterAll(async () => {
  for (const step of undo) await step();
});

beforeEach(async () => {
  laterMs = 0;
  // Away from the answers of all tests before.
  const reports = PROJECTS.map((project) => ({
    ...{ anonymous_id: `person-${sent++}`, timestamp: '2026-11-22T20:00:00.000Z', project },
    info: { os: 'Linux', version: '1.0.0' },
  }));
  expect((await alone.post('/v1/reports', { reports })).status).toBe(202);
  await alone.get('/v1/stats/quality');
});

const arranged = new Map<string, string>();

/** Brings about what a variant is asked under, for all collectors. */
async function arrange({ settings = {}, laterMs: ms = 0 }: Variant): Promise<void> {
  laterMs = ms;
  for (const project of PROJECTS) {
    const wanted = { ...USUAL, ...settings[project] };
    const text = JSON.stringify(wanted);
    if ((arranged.get(project) ?? JSON.stringify(USUAL)) === text) continue;
    arranged.set(project, text);
    await changeProject(alone, wanted, project);
    await until('the collector knows the settings', async () => {
      const { body } = await usual.get(`/v1/projects/${project}`, withToken());
      const known = Object.fromEntries(Object.keys(wanted).map((name) => [name, body[name]]));
      return JSON.stringify(known) === text;
    });
  }
}

async function ask(node: TestCollector, { url = SUMMARY, token, accept }: Variant) {
  const secret = token === undefined ? withToken() : token();
  const headers = {
    ...(typeof secret === 'string' ? withToken(secret) : secret),
    ...(accept !== undefined && { accept }),
  };
  const { status, text, headers: told } = await node.stranger(url, headers);
  expect(status, text).toBe(200);
  return { text, type: told['content-type'] };
}

/** Asks a collector with the cache, expects what one without says, and tells under which names it looked. */
async function askSharing(variant: Variant): Promise<readonly string[]> {
  await arrange(variant);
  const before = redis.commands.length;
  const { by } = variant;
  if (by === undefined) {
    expect(await ask(usual, variant)).toEqual(await ask(alone, variant));
  } else {
    expect((await ask(others[by[0]], variant)).text).toContain(by[1]);
  }
  const [looked] = namesOf('GETRANGE', before);
  if (looked === undefined) return [];
  await until('the answer is kept', () => namesOf('SET').includes(looked));
  return [looked];
}

const namesOf = (command: string, from = 0): readonly string[] =>
  redis.commands.slice(from).flatMap(([name, key = '']) => (name === command ? [key] : []));

const of = (project: object, other: object = {}): Readonly<Record<string, object>> => ({
  ...{ 'one-cli': project, 'other-cli': other },
});

/** Two that differ in one thing alone, by the name of that thing. */
const PAIRS: Readonly<Record<string, readonly [Variant, Variant]>> = {
  'the question': [{ url: SUMMARY }, { url: GROWTH }],
  'the project': [{}, { url: '/v1/stats/summary?project=other-cli' }],
  'one project or all': [{}, { url: '/v1/stats/summary' }],
  'the interval': [{ url: SERIES }, { url: `${SERIES}&interval=week` }],
  'the first day': [{ url: `${SERIES}&from=2026-11-01` }, { url: `${SERIES}&from=2026-11-02` }],
  'the last day': [{ url: `${SERIES}&to=2026-11-21` }, { url: `${SERIES}&to=2026-11-20` }],
  'the window': [{ url: `${GROWTH}&window=7d` }, { url: `${GROWTH}&window=28d` }],
  'the dimension': [
    { url: `${BREAKDOWN}&dimension=os` },
    { url: `${BREAKDOWN}&dimension=version` },
  ],
  'the metric': [
    { url: `${BREAKDOWN}&dimension=event&metric=people` },
    { url: `${BREAKDOWN}&dimension=event&metric=reports` },
  ],
  'the format': [{ url: SERIES }, { url: `${SERIES}&format=csv` }],
  'the format that is accepted': [
    { url: SERIES, accept: 'text/csv' },
    { url: SERIES, accept: 'application/x-ndjson' },
  ],
  'whether there is a token': [
    { settings: of({ visibility: 'summary' }) },
    { settings: of({ visibility: 'summary' }), token: nobody },
  ],
  'the level of a token': [{ token: () => tokens.restricted }, { token: () => tokens.developer }],
  'whether a token is the administrator’s': [{}, { token: () => tokens.developer }],
  'the scope of a token': [{ token: () => tokens.developer }, { token: () => tokens.ofProject }],
  'the visibility': [
    { token: nobody, settings: of({ visibility: 'summary' }) },
    { token: nobody, settings: of({ visibility: 'detailed' }) },
  ],
  'which projects the public sees': [
    { url: '/v1/stats/summary', token: nobody },
    { url: '/v1/stats/summary', token: nobody, settings: of({}, { visibility: 'none' }) },
  ],
  'whom the project counts': [
    { url: GROWTH },
    { url: GROWTH, settings: of({ coverage: 'Nobody at all.' }) },
  ],
  'whether people are invented': [{}, { settings: of({ invented: true }) }],
  'the versions that have ended': [
    { url: SUPPORT },
    { url: SUPPORT, settings: of({ ended: { version: '<1.1.0' } }) },
  ],
  'the zone of the project': [{}, { settings: of({ timezone: 'Asia/Tokyo' }) }],
  'the zone of the collector': [
    { url: '/v1/stats/summary' },
    { url: '/v1/stats/summary', by: ['far', '"timezone":"Asia/Tokyo"'] },
  ],
  'the least group': [
    { url: '/v1/stats/annotations?project=one-cli' },
    { url: '/v1/stats/annotations?project=one-cli', by: ['large', '"least_people":50'] },
  ],
  'the day': [{ url: SERIES }, { url: SERIES, laterMs: 8000 }],
};

describe('an answer is never that to a question which differs in', () => {
  it.each(Object.entries(PAIRS))('%s', async (_, [one, other]) => {
    const names = await askSharing(one);
    expect(names).toHaveLength(1);
    expect(await askSharing(other)).not.toEqual(names);
  });
});
