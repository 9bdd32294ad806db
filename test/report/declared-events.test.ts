import { afterEach, describe, expect, it } from 'vitest';
import { createHeadcountOn } from '../../src/headcount.js';
import { instances } from '../../src/host/platform/instances.js';
import { HeadcountError, defineEvents, field } from '../../src/index.js';
import { readSegment } from '../../src/storage/outbox-lines.js';
import { fakePlatform } from '../support/fake-platform.js';

const EVENTS = defineEvents({
  build: {
    description: 'A build was finished.',
    fields: {
      bundler: ['vite', 'webpack'],
      cached: field.boolean(),
      sizeKb: field.bucket(100, 1_000),
      viteVersion: field.semver(),
      pages: field.count({ max: 50 }),
    },
  },
  lint: { description: 'It was linted.', timed: true },
});

function start(events: object = EVENTS) {
  const platform = fakePlatform();
  const endpoint = 'https://stats.acme.dev';
  const headcount = createHeadcountOn(platform, {
    project: 'acme-cli',
    version: '2.3.1',
    endpoint,
    // The cast: these tests give it what TypeScript would refuse.
    events: events as Record<string, { description: string }>,
  });
  const { track } = headcount as unknown as {
    readonly track: (event?: unknown, fields?: unknown) => void;
  };
  const drafts = () =>
    [...platform.disk]
      .filter(([path]) => path.includes('/outbox/'))
      .flatMap(([, text]) => readSegment(text).drafts);
  const fields = () => drafts().map((draft) => draft.fields);
  return { platform, headcount, track, drafts, fields };
}

afterEach(() => instances().clear());

describe('fields', () => {
  it('are sent as they were declared, coarse', () => {
    const { track, fields, headcount } = start();
    track('build', {
      bundler: 'vite',
      cached: true,
      sizeKb: 812.5,
      viteVersion: 'v6.0.0-beta.4+sha.1',
      pages: 12,
    });
    expect(fields()).toEqual([
      {
        bundler: 'vite',
        cached: true,
        sizeKb: '100-1000',
        viteVersion: '6.0.0-beta.4',
        pages: 12,
      },
    ]);
    expect(headcount.status()).toMatchObject({ droppedFields: {}, sanitized: {} });
  });

  it.each([
    ['below the first bound', 99.9, '<100'],
    ['on a bound', 100, '100-1000'],
    ['on the last bound', 1_000, '>=1000'],
    ['far above', 1e300, '>=1000'],
    ['negative', -1, '<100'],
  ])('of a number are its range: %s', (_case, sizeKb, label) => {
    const { track, fields } = start();
    track('build', { sizeKb });
    expect(fields()).toEqual([{ sizeKb: label }]);
  });

  it('of a count are cut at its greatest', () => {
    const { track, fields } = start();
    track('build', { pages: 51 });
    expect(fields()).toEqual([{ pages: 50 }]);
  });

  it('that were not declared are left out and counted; the event is sent', () => {
    const { track, drafts, headcount } = start();
    track('build', { bundler: 'vite', user: 'ada', toString: 'x', ['__proto__']: 1 });
    expect(drafts()).toMatchObject([{ event: 'build', fields: { bundler: 'vite' } }]);
    expect(headcount.status()).toMatchObject({
      queued: 1,
      dropped: {},
      droppedFields: { 'undeclared-field': expect.any(Number) as number },
    });
    expect(JSON.stringify(drafts())).not.toContain('ada');
  });

  it.each([
    ['bundler', 'rollup'],
    ['bundler', 1],
    ['bundler', ['vite']],
    ['cached', 'yes'],
    ['cached', 1],
    ['sizeKb', '812'],
    ['sizeKb', Number.NaN],
    ['sizeKb', Number.POSITIVE_INFINITY],
    ['sizeKb', 10n],
    ['viteVersion', 'latest'],
    ['viteVersion', '6.0'],
    ['viteVersion', '6.0.0-ada.laptop'],
    ['viteVersion', `1.0.0${'0'.repeat(100_000)}`],
    ['pages', -1],
    ['pages', 1.5],
    ['pages', null],
    ['pages', {}],
    ['pages', Symbol('x')],
    ['pages', () => 1],
  ])('with a value outside their set are left out and counted: %s = %o', (name, value) => {
    const { track, drafts, headcount } = start();
    track('build', { [name]: value });
    expect(drafts()).toHaveLength(1);
    expect(drafts()[0]?.fields).toBeUndefined();
    expect(headcount.status().droppedFields).toEqual({ 'invalid-value': 1 });
  });

  it('that are undefined count as left out', () => {
    const { track, headcount, drafts } = start();
    track('build', { bundler: undefined });
    track('build', undefined);
    expect(drafts()).toHaveLength(2);
    expect(headcount.status().droppedFields).toEqual({});
  });

  const revoked = (): object => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    return proxy;
  };
  it.each([
    ['null', null],
    ['a text', 'vite'],
    ['a list', ['vite']],
    ['bytes', new Uint8Array(10_000_000)],
    [
      'a getter that throws',
      {
        get bundler() {
          throw new Error('mine');
        },
      },
    ],
    ['a revoked proxy', revoked()],
    [
      'a proxy that throws',
      new Proxy(
        {},
        {
          ownKeys: () => {
            throw new Error('mine');
          },
        },
      ),
    ],
    [
      'a thousand names',
      Object.fromEntries(Array.from({ length: 1_000 }, (_, at) => [`f${at}`, 1])),
    ],
  ])('that are %s never throw, and the event is sent', (_case, given) => {
    const { track, drafts } = start();
    expect(() => track('build', given)).not.toThrow();
    expect(drafts()).toHaveLength(1);
    expect(drafts()[0]?.fields).toBeUndefined();
  });

  it('that change between two looks are looked at once', () => {
    const { track, fields } = start();
    let looks = 0;
    track('build', {
      get bundler() {
        looks += 1;
        return looks === 1 ? 'vite' : '/home/ada';
      },
    });
    expect(fields()).toEqual([{ bundler: 'vite' }]);
  });
});

describe('events', () => {
  it.each(['deploy', 'toString', '__proto__', '', 'BUILD', 1, null, {}, Symbol('x')])(
    'that were not declared are dropped and counted: %s',
    (event) => {
      const { track, drafts, headcount } = start();
      expect(() => track(event)).not.toThrow();
      expect(drafts()).toEqual([]);
      expect(headcount.status()).toMatchObject({ queued: 0, dropped: { 'undeclared-event': 1 } });
    },
  );

  it('are startup where none is named', () => {
    const { track, drafts } = start();
    track();
    track(undefined, { user: 'ada' });
    expect(drafts()).toMatchObject([{ event: 'startup' }, { event: 'startup' }]);
    expect(JSON.stringify(drafts())).not.toContain('ada');
  });

  it('are given back in full, for the commands and the manifest', () => {
    expect(start().headcount.events).toMatchObject({
      startup: { description: 'The program was started.', fields: {} },
      build: { fields: { bundler: { kind: 'enum', values: ['vite', 'webpack'] } } },
      lint: { fields: { durationMs: { kind: 'bucket' }, outcome: { values: ['ok', 'error'] } } },
    });
  });
});

describe('the last line behind validation', () => {
  it('replaces a declared word that could tell who somebody is', () => {
    const word = '/home/ada/projects';
    const events = { build: { description: 'A build.', fields: { where: [word, 'cloud'] } } };
    const { track, fields, headcount } = start(events);
    track('build', { where: word });
    track('build', { where: 'cloud' });
    expect(fields()).toEqual([{ where: '<path>' }, { where: 'cloud' }]);
    expect(headcount.status().sanitized).toEqual({ path: 1 });
  });

  it('leaves out events and fields whose very names tell something', () => {
    const name = 'a0ddba11c0ffee0ddba11c0ffee0ddba1'; // made at run time, from a token say
    const field = { [name]: ['yes'], ok: ['yes'] };
    const events = {
      build: { description: 'A build.', fields: field },
      [name]: { description: 'A token.' },
    };
    const { track, fields, headcount } = start(events);
    track('build', { [name]: 'yes', ok: 'yes' });
    track(name);
    expect(fields()).toEqual([{ ok: 'yes' }]);
    expect(headcount.status()).toMatchObject({
      dropped: { 'undeclared-event': 1 },
      droppedFields: { 'undeclared-field': 1 },
    });
  });

  it.each([
    ['2.3.1', '2.3.1'],
    ['2.3.1-rc.1', '2.3.1-rc.1'],
    ['2.3.1-5-g1a2b3c4-dirty', '2.3.1-other'],
    ['0.0.0-ada-laptop-2026', '0.0.0-other'],
    ['/home/ada/acme', 'other'],
    ['nightly', 'nightly'],
  ])('makes the app’s version coarse: %s', (version, sent) => {
    const platform = fakePlatform();
    const endpoint = 'https://stats.acme.dev';
    createHeadcountOn(platform, { project: 'acme-cli', version, endpoint }).track();
    const [, text = ''] = [...platform.disk].find(([path]) => path.includes('/outbox/')) ?? [];
    expect(readSegment(text).drafts[0]?.info.version).toBe(sent);
  });
});

describe('time()', () => {
  it('reports how long a function took and that it worked, and gives back what it gives', () => {
    const { platform, headcount, fields } = start();
    const result = headcount.time('lint', () => {
      platform.advance(250);
      return 42;
    });
    expect(result).toBe(42);
    expect(fields()).toEqual([{ durationMs: '100-1000', outcome: 'ok' }]);
  });

  it('reports that it failed, never how, and throws the same error', () => {
    const { headcount, drafts } = start();
    const error = new Error('ENOENT: /home/ada/secret');
    expect(() =>
      headcount.time('lint', () => {
        throw error;
      }),
    ).toThrow(error);
    expect(drafts()).toMatchObject([{ event: 'lint', fields: { outcome: 'error' } }]);
    expect(JSON.stringify(drafts())).not.toMatch(/ada|ENOENT/);
  });

  it('waits for a promise, and rejects with the same reason', async () => {
    const { headcount, fields } = start();
    expect(await headcount.time('lint', async () => 'done')).toBe('done');
    const reason = { my: 'reason' };
    // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- an app's own way
    await expect(headcount.time('lint', () => Promise.reject(reason))).rejects.toBe(reason);
    expect(fields().map((found) => found?.['outcome'])).toEqual(['ok', 'error']);
  });

  it('runs the function once also where telemetry is off, or the event was not declared', () => {
    const { platform, headcount, drafts } = start();
    let runs = 0;
    const run = () => (runs += 1);
    platform.env['DO_NOT_TRACK'] = '1';
    expect(headcount.time('lint', run)).toBe(1);
    platform.env['DO_NOT_TRACK'] = '0';
    expect((headcount.time as (event: string, run: () => number) => number)('deploy', run)).toBe(2);
    expect(drafts()).toEqual([]);
  });

  it('takes the bounds that an app declares of its own', () => {
    const events = {
      lint: { description: 'It was linted.', timed: true, fields: { durationMs: field.bucket(1) } },
    };
    const { headcount, fields } = start(events);
    headcount.time('lint', () => undefined);
    expect(fields()).toEqual([{ durationMs: '<1', outcome: 'ok' }]);
  });
});

describe('a mistake in the declarations', () => {
  it.each([
    [[], 'events'],
    [{ 'A b': { description: 'x' } }, 'events.A b'],
    [{ build: {} }, 'events.build.description'],
    [{ build: { description: '' } }, 'events.build.description'],
    [{ build: { description: 'a\nb' } }, 'events.build.description'],
    [{ build: { description: 'x', field: {} } }, 'events.build.field'],
    [{ build: { description: 'x', timed: 'yes' } }, 'events.build.timed'],
    [{ build: { description: 'x', fields: { Bad: ['a'] } } }, 'events.build.fields.Bad'],
    [{ build: { description: 'x', fields: { a: [] } } }, 'events.build.fields.a'],
    [{ build: { description: 'x', fields: { a: ['x', 'x'] } } }, 'events.build.fields.a'],
    [{ build: { description: 'x', fields: { a: [1] } } }, 'events.build.fields.a'],
    [{ build: { description: 'x', fields: { a: String } } }, 'events.build.fields.a'],
    [{ build: { description: 'x', fields: { a: { kind: 'text' } } } }, 'events.build.fields.a'],
    [{ build: { description: 'x', fields: { a: field.bucket(2, 1) } } }, 'events.build.fields.a'],
    [{ build: { description: 'x', fields: { a: field.bucket() } } }, 'events.build.fields.a'],
    [
      { build: { description: 'x', fields: { a: field.count({ max: 0 }) } } },
      'events.build.fields.a.max',
    ],
    [
      { build: { description: 'x', timed: true, fields: { outcome: ['ok'] } } },
      'events.build.fields.outcome',
    ],
  ])('throws at set-up and names the place: %j', (events, option) => {
    let thrown: unknown;
    try {
      start(events);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(HeadcountError);
    expect(thrown).toMatchObject({
      option,
      code: expect.stringMatching(/^HEADCOUNT_ERR_/) as string,
    });
  });

  it('has limits: 100 events, 32 fields, 100 words', () => {
    const many = (size: number, value: unknown) =>
      Object.fromEntries(Array.from({ length: size }, (_, at) => [`e${at}`, value]));
    const event = { description: 'x' };
    expect(() => start(many(100, event))).not.toThrow();
    instances().clear();
    expect(() => start(many(101, event))).toThrow('at most 100');
    expect(() => start({ e: { ...event, fields: many(33, ['a']) } })).toThrow('at most 32');
    const words = Array.from({ length: 101 }, (_, at) => `w${at}`);
    expect(() => start({ e: { ...event, fields: { a: words } } })).toThrow('1–100');
  });
});
