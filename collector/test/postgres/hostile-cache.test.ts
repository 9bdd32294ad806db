import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { createSeal } from '../../src/shared-answers/seal.js';
import { withToken } from '../support/admin-token.js';
import { NOW, type TestCollector } from '../support/start-collector.js';
import { until } from '../support/until.js';
import {
  type Conduct,
  type FakeRedis,
  keepWell,
  startFakeRedis,
} from './support/start-fake-redis.js';
import { startNodes } from './support/start-nodes.js';
import { temporarySchema } from './support/temporary-schema.js';

const undo: (() => void | Promise<void>)[] = [];
const atEnd = (step: () => void | Promise<void>): void => void undo.unshift(step);

const LONG_MS = 2 ** 30;
let passedMs = 0;
let laterMs = 0;
let redis: FakeRedis;
/** One that would wait for the cache for longer than a test lasts, and one that soon does no more. */
let patient: TestCollector;
let hasty: TestCollector;
let alone: TestCollector;
let asked = 0;

beforeAll(async () => {
  const store = await temporarySchema(atEnd);
  redis = await startFakeRedis(atEnd);
  const cache = redis.url;
  const options = {
    ...{
      store,
      now: () => new Date(NOW.getTime() + laterMs),
      checkJobsEveryMs: LONG_MS,
      checkHealthEveryMs: LONG_MS,
    },
    // Left alone after a failure, the cache stays so until the test lets the time pass.
    ...{ monotonicMs: () => passedMs, cacheWaitMs: LONG_MS, statsRateLimit: 0 },
  };
  const nodes = await startNodes(
    [{}, { cache }, { cache, cacheWaitMs: 250 }].map((one) => ({ ...options, ...one })),
    atEnd,
  );
  const [first, second, third] = nodes;
  if (!first || !second || !third) throw new Error('There are three.');
  [alone, patient, hasty] = [first, second, third];
  const report = { anonymous_id: 'ann', timestamp: '2026-11-22T20:00:00.000Z', project: 'acme' };
  const reports = [{ ...report, info: { os: 'Linux', version: '1.0.0' } }];
  expect((await alone.post('/v1/reports', { reports })).status).toBe(202);
  // Asked where it was sent, it is counted.
  await alone.get('/v1/stats/summary');
});

afterAll(async () => {
  for (const step of undo) await step();
});

/** Asks what nobody has asked before, and expects what a collector without a cache says. */
async function ask(node: TestCollector): Promise<void> {
  const from = new Date(NOW.getTime() - (asked++ + 1) * 86_400_000).toISOString().slice(0, 10);
  const url = `/v1/stats/timeseries?project=acme&from=${from}&to=2026-11-22`;
  const [{ status, text }, expected] = [await node.get(url), await alone.get(url)];
  expect({ status, text }).toEqual({ status: 200, text: expected.text });
}

/** Questions that the cache was asked so far, of all collectors. */
const questions = (): number => new Set(redis.commands.map(([, key]) => key)).size;

/** Asks until the cache has been asked. */
async function askCache(node: TestCollector, pauseMs: number): Promise<void> {
  const before = questions();
  await until('the cache is asked', async () => {
    passedMs += pauseMs;
    await ask(node);
    return questions() > before;
  });
}

/** Lets a collector trust the cache, which then does something else with a question of it. */
async function attack(node: TestCollector, conduct: Conduct): Promise<void> {
  // A slow machine may have left it in between.
  await until('a question is attacked', async () => {
    redis.behave(keepWell());
    await askCache(node, 61_000);
    const before = questions();
    redis.behave(conduct);
    await ask(node);
    return questions() > before;
  });
}

/** How often a collector has noted that the cache does not help, for any reason. */
async function failuresOf(node: TestCollector): Promise<number> {
  // The same figures are told again for two seconds, and pauses are longer.
  passedMs += 2000;
  const { text } = await node.get('/metrics', withToken());
  const found = text.matchAll(/^headcount_cache_failures_total\{reason="\w+"\} (\d+)$/gm);
  return [...found].reduce((sum, [, n]) => sum + Number(n), 0);
}

const says =
  (text: string): Conduct =>
  (_, send) =>
    send(text);

/** What is no answer to a question about a value. A collector sees that at once. */
const WRONG: Readonly<Record<string, string>> = {
  'a number': ':30\r\n',
  'a word': `+${'x'.repeat(64)}\r\n`,
  'a list': `*64\r\n${':1\r\n'.repeat(64)}`,
  'a map with a length': '%2\r\n+length\r\n:64\r\n+0\r\n:1\r\n',
  'an error': '-ERR nothing works here\r\n',
  'a long error': `-ERR ${'x'.repeat(100_000)}\r\n`,
  'a value of a collector’s length': `$64\r\n\u0001${'x'.repeat(63)}\r\n`,
  'more than was asked for': `$3000000\r\n${'x'.repeat(3_000_000)}\r\n`,
  'two answers': '$1\r\nx\r\n$1\r\nx\r\n',
  'another protocol': 'HTTP/1.1 400 Bad Request\r\n\r\n',
  'a negative length': '$-7\r\n',
  'a list that is too long': '*99999999999\r\n:1\r\n',
  'a notice without a place': '>4\r\n+MOVING\r\n:1\r\n:1\r\n_\r\n_\r\n',
  'a message to nobody': '>3\r\n+message\r\n+a\r\n+b\r\n_\r\n',
};

/** What keeps a collector waiting for the rest. */
const UNENDING: Readonly<Record<string, string>> = {
  nothing: '',
  'half a text': '$64\r\nxxx',
  'half a length': '$6',
  'a huge length': '$99999999999999\r\nxxx',
  'half a list': '*64\r\n:1\r\n',
};

describe('a cache that is hostile changes no answer', () => {
  it.each(Object.entries(WRONG))('by %s, and is not waited for', async (_, text) => {
    await attack(patient, says(text));
  });

  it.each(Object.entries(UNENDING))('by %s, and is waited for once', async (_, text) => {
    const before = await failuresOf(hasty);
    await attack(hasty, says(text));
    const asked = questions();
    for (let n = 0; n < 2; n++) await ask(hasty);
    expect(questions()).toBe(asked);
    expect(await failuresOf(hasty)).toBeGreaterThan(before);
  });

  it('by hanging up at each command, or at each connection', async () => {
    await attack(patient, () => redis.hangUp());
    await ask(patient);
    for (const greet of [() => redis.hangUp(), says('-NOAUTH no\r\n'), says('x'), says('')]) {
      redis.behave(keepWell(), greet);
      passedMs += 61_000;
      await ask(patient);
    }
  });

  it('by the value of another question', async () => {
    const values = new Map<string, string>();
    redis.behave(([name, key = '', value = ''], send) => {
      if (name === 'SET') values.set(key, value);
      const last = [...values.values()].at(-1) ?? '';
      send(name === 'SET' ? '+OK\r\n' : `$${last.length}\r\n${last}\r\n`);
    });
    await until('values are kept', async () => {
      for (const node of [patient, hasty]) await askCache(node, 61_000);
      return values.size > 1;
    });
    await askCache(patient, 0);
  });

  it('by values that were sealed with another pepper', async () => {
    const seal = createSeal(randomBytes(32));
    redis.behave(([name, key = ''], send) => {
      if (name !== 'GETRANGE') return send('+OK\r\n');
      const sealed = seal.seal(key, Buffer.from('{"total_users":9}'));
      send(`$${sealed.length}\r\n${sealed.toString('latin1')}\r\n`);
    });
    await askCache(patient, 61_000);
    await ask(patient);
  });

  it('nor leads a collector to another server', async () => {
    let visitors = 0;
    const elsewhere = createServer((socket) => {
      visitors++;
      socket.destroy();
    }).listen(0, '127.0.0.1');
    await once(elsewhere, 'listening');
    onTestFinished(() => void elsewhere.close());
    const { port } = elsewhere.address() as AddressInfo;
    const keep = keepWell();
    await attack(patient, (command, send) => {
      send(`>4\r\n+MOVING\r\n:1\r\n:1\r\n+127.0.0.1:${port}\r\n`);
      keep(command, send);
    });
    for (let n = 0; n < 3; n++) {
      passedMs += 61_000;
      await ask(patient);
    }
    expect(visitors).toBe(0);
  });

  it('and is told of after a minute, although it takes each new connection', async () => {
    const warnings = async (): Promise<string> =>
      JSON.stringify((await patient.get('/health')).body['warnings']);
    await attack(patient, says(':1\r\n'));
    for (laterMs = 0; laterMs < 90_000; laterMs += 30_000) {
      const before = redis.commands.length;
      passedMs += 61_000;
      await until('it is connected and asked anew', async () => {
        await ask(patient);
        return redis.commands.length > before;
      });
    }
    expect(await warnings()).toMatch(/The cache has not helped since [^"]*\(EPROTO\)/);
    redis.behave(keepWell());
    await until('the cache helps again', async () => {
      passedMs += 61_000;
      return !(await warnings()).includes('The cache has not helped');
    });
  });

  it('and helps again once it behaves', async () => {
    redis.behave(keepWell());
    const kept = (): number => redis.commands.filter(([name]) => name === 'SET').length;
    await askCache(patient, 61_000);
    const before = kept();
    await ask(patient);
    await until('an answer is kept', () => kept() > before);
  });
});
