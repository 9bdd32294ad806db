import { randomUUID } from 'node:crypto';
import { CHANNELS } from 'headcount/wire';
import { describe, expect, it } from 'vitest';
import type { CollectorOptions } from '../../src/collector-options.js';
import { fullReport } from '../support/reports.js';
import { startCollector } from '../support/start-collector.js';

const START = Date.parse('2026-11-22T21:00:00.000Z');
const TOKEN = 'a-token-of-24-characters';

async function start(options: Partial<CollectorOptions> = {}) {
  let ms = 0;
  const collector = await startCollector({
    monotonicMs: () => ms,
    now: () => new Date(START + ms),
    adminToken: TOKEN,
    ...options,
  });
  const send = async (remoteAddress: string, reports: readonly object[]) => {
    const answer = await collector.app.inject({
      ...{ method: 'POST', url: '/v1/reports', remoteAddress },
      headers: { 'content-type': 'application/json' },
      payload: JSON.stringify({ reports }),
    });
    expect([answer.statusCode, answer.body]).toEqual([202, expect.any(String)]);
  };
  const dimension = async (name: string, project = 'acme-cli') => {
    await collector.get('/v1/stats/summary');
    const values = await collector.store.values({ project });
    return values.filter((one) => one.dimension === name).map(({ value }) => value);
  };
  return {
    ...collector,
    send,
    dimension,
    versions: async () => (await collector.get('/v1/stats/summary')).body['version_distribution'],
    over: async () => (await collector.get('/v1/stats/quality')).body['values_over_limit'],
    pass: (by: number) => void (ms += by),
    at: () => new Date(START + ms).toISOString(),
  };
}

const { info } = fullReport();
const of = (version: string, changes: object = {}) => ({
  ...fullReport({ anonymous_id: randomUUID(), info: { ...info, version } }),
  ...changes,
});
const versionsFrom = (from: number, count: number, changes: object = {}) =>
  Array.from({ length: count }, (_, n) => of(`9.${from + n}.0`, changes));

describe('new values', () => {
  it('are twenty of one address a day, and other beyond, so that three requests fill nothing', async () => {
    const { send, versions, over, dimension } = await start();
    await send('198.51.100.1', [of('1.0.0')]);
    for (let n = 0; n < 3; n++) await send('192.0.2.1', versionsFrom(n * 500, 500));
    expect(await dimension('version')).toHaveLength(1 + 20 + 1);
    expect(await versions()).toMatchObject({ '1.0.0': 1, '9.19.0': 1, other: 1480 });
    expect(await over()).toBe(1480);
    await send('198.51.100.2', [of('3.0.0'), of('9.30.0')]);
    expect(await versions()).toMatchObject({ '3.0.0': 1, '9.30.0': 1 });
    // Who has none left still reports what the project knows.
    await send('192.0.2.1', [of('3.0.0'), of('4.0.0')]);
    expect(await versions()).toMatchObject({ '3.0.0': 2 });
    expect(await over()).toBe(1481);
  });

  it('are twenty of all dimensions of a project, and twenty of another project', async () => {
    const { send, dimension, over } = await start();
    const build = (n: number, project = 'acme-cli') =>
      of('1.0.0', { project, event: 'build', fields: { name: `n${n}` } });
    await send('198.51.100.1', [build(0)]);
    await send(
      '192.0.2.1',
      Array.from({ length: 30 }, (_, n) => build(n + 1)),
    );
    expect(await dimension('field:build.name')).toHaveLength(1 + 20 + 1);
    expect(await over()).toBe(10);
    await send('192.0.2.1', [build(1, 'other')]);
    expect(await dimension('field:build.name', 'other')).toEqual(['n1']);
  });

  it('of an event beyond the limit are other, without its fields', async () => {
    const { send, dimension } = await start({ newValuesLimit: 4 });
    // Its version, those of system and runtime, and the event.
    await send('198.51.100.1', [of('1.0.0')]);
    const events = ['a', 'b', 'c', 'd', 'e', 'f'];
    await send(
      '192.0.2.1',
      events.map((event) => of('1.0.0', { event, fields: event > 'd' ? { x: 'y' } : {} })),
    );
    const known = await dimension('event');
    expect([...known].sort()).toEqual(['a', 'b', 'c', 'd', 'other', 'startup']);
    expect(await dimension('field:e.x')).toEqual([]);
  });

  it('are one a day of what is over 80 % full, so that a few networks cannot fill it', async () => {
    const { send, dimension, versions, pass, at } = await start();
    for (let n = 0; n < 60; n++) await send(`192.0.2.${n}`, versionsFrom(n * 20, 20));
    // 40 networks bring what may be, the others one each and `other`.
    expect(await dimension('version')).toHaveLength(800 + 20 + 1);
    await send('198.51.100.1', [of('3.0.0'), of('3.0.1')]);
    await send('198.51.100.2', [of('3.0.0'), of('3.0.2')]);
    expect(await versions()).toMatchObject({ '3.0.0': 2, '3.0.2': 1 });
    // Another dimension has room.
    const build = (name: string) => of('1.0.0', { event: 'build', fields: { name } });
    await send(
      '192.0.2.1',
      Array.from({ length: 5 }, (_, n) => build(`n${n}`)),
    );
    expect(await dimension('field:build.name')).toHaveLength(0);
    await send(
      '198.51.100.3',
      Array.from({ length: 5 }, (_, n) => build(`n${n}`)),
    );
    expect(await dimension('field:build.name')).toHaveLength(5);
    pass(4 * 60 * 60_000);
    await send('198.51.100.1', [of('3.0.1', { timestamp: at() })]);
    expect(await dimension('version')).toContain('3.0.1');
  });

  it('that make a new dimension are one a day where 320 are used', async () => {
    const { send, store, versions } = await start();
    const fields = (from: number, count: number) =>
      Array.from({ length: count }, (_, n) =>
        of('1.0.0', { event: 'build', fields: { [`f${from + n}`]: true } }),
      );
    await send('192.0.2.250', [of('1.0.0', { event: 'build' })]);
    for (let n = 0; n < 30; n++) await send(`192.0.2.${n}`, fields(n * 20, 20));
    await versions();
    const values = await store.values({ project: 'acme-cli' });
    const used = new Set(values.map(({ dimension }) => dimension)).size;
    expect(used).toBeGreaterThan(320);
    expect(used).toBeLessThanOrEqual(320 + 30);
  });

  it('are twenty again on the next day by UTC, for one subscriber of IPv6 too', async () => {
    const { send, dimension, pass, at } = await start({ newValuesLimit: 4 });
    await send('198.51.100.1', [of('1.0.0')]);
    await send('2001:db8:1:2::1', versionsFrom(0, 4));
    await send('2001:db8:1:3::2', versionsFrom(10, 2));
    expect(await dimension('version')).toHaveLength(1 + 4 + 1);
    pass(2 * 60 * 60_000);
    await send('2001:db8:1:2::1', versionsFrom(20, 1, { timestamp: at() }));
    expect(await dimension('version')).toHaveLength(6);
    pass(60 * 60_000);
    await send('2001:db8:1:2::1', versionsFrom(30, 3, { timestamp: at() }));
    expect(await dimension('version')).toHaveLength(9);
  });

  it('are decided when they come: a restart changes none, and knows what is counted', async () => {
    const first = await start({ newValuesLimit: 5 });
    await first.send('198.51.100.1', [of('1.0.0')]);
    await first.send('192.0.2.1', versionsFrom(0, 8));
    const before = await first.versions();
    await first.close();
    const { send, versions, dimension } = await start({ newValuesLimit: 5, data: first.data });
    expect(await versions()).toEqual(before);
    await send('192.0.2.2', [...versionsFrom(0, 5), ...versionsFrom(20, 8)]);
    expect(await dimension('version')).toHaveLength(1 + 5 + 5 + 1);
  });

  it('are not limited for this machine, nor where the limit is 0, nor where a manifest lists them', async () => {
    const own = await start();
    await own.send('127.0.0.1', versionsFrom(0, 100));
    expect(await own.dimension('version')).toHaveLength(100);
    const none = await start({ newValuesLimit: 0 });
    await none.send('192.0.2.1', versionsFrom(0, 100));
    expect(await none.dimension('version')).toHaveLength(100);

    const declared = await start({ newValuesLimit: 3 });
    const values = Array.from({ length: 30 }, (_, n) => `v${n}`);
    const name = { description: 'x', kind: 'enum', values };
    const manifest = {
      ...{ manifest_version: 1, project: 'acme-cli', report: {} },
      events: { startup: { description: 'x', fields: { name } } },
    };
    const put = await declared.app.inject({
      ...{ method: 'PUT', url: '/v1/projects/acme-cli/manifest', payload: manifest },
      headers: { authorization: `Bearer ${TOKEN}` },
    });
    expect(put.statusCode).toBe(200);
    await declared.send('198.51.100.1', [of('1.0.0')]);
    await declared.send(
      '192.0.2.1',
      values.map((value) => of('1.0.0', { fields: { name: value } })),
    );
    expect(await declared.dimension('field:startup.name')).toHaveLength(30);
  });
});

describe('facts', () => {
  it.each([
    ['version', '1.2.3 v1.2.3 1.0 2 2024.11 1.2.3-beta.1+build 1.0rc1 1.0.dev3 unknown nightly'],
    ['os', 'Linux Darwin Windows FreeBSD linux win32 unknown CYGWIN_NT-10.0-19045 Java'],
    ['os_version', '6.18 11 10.0.22631 6.8.0-45-generic XP 2012ServerR2 unknown'],
    ['arch', 'x64 arm64 x86_64 AMD64 aarch64 riscv64 armv7l ppc64le'],
    ['runtime', 'node bun deno python cpython go rust sh electron'],
    ['runtime_version', '20.20 3.12.1 1.23 3.13.0rc2 0.61.2'],
    ['agent', 'claude cursor codex other copilot-cli'],
    ['channel', CHANNELS.join(' ')],
    ['level', 'full basic'],
  ])('are counted as they are: %s', async (name, texts) => {
    const { send, dimension } = await start();
    const values = texts.split(' ');
    await send(
      '127.0.0.1',
      values.map((value) => ({ ...of('1.0.0'), info: { ...info, [name]: value } })),
    );
    expect(await dimension(name)).toEqual(expect.arrayContaining(values));
    expect(await dimension(name)).not.toContain(values.includes('other') ? '' : 'other');
  });

  it.each([
    ['version', ['my laptop', '<script>', 'a'.repeat(64), '1.2.3/../../x', '=1+1', 'ada@acme']],
    ['os', ['Linux on Ada’s laptop', 'x'.repeat(20), '__proto__', 'LINUX']],
    ['os_version', ['home', '6.18 ada', 'v', '-1']],
    ['arch', ['x65', 'my cpu']],
    ['runtime', ['nodee', 'Node 20']],
    ['agent', ['Ada Lovelace', '1', 'CLAUDE']],
    ['channel', ['NPM', 'my-store', '/usr/bin']],
    ['level', ['all', 'FULL', 'none']],
  ])('count as other where they do not look like one: %s', async (name, values) => {
    const collector = await start();
    const { send, dimension } = collector;
    await send(
      '127.0.0.1',
      values.map((value) => ({ ...of('1.0.0'), info: { ...info, [name]: value } })),
    );
    expect(await dimension(name)).toEqual(['other']);
    expect((await collector.get('/v1/stats/quality')).body).toMatchObject({
      accepted: values.length,
      values_unexpected: values.length,
    });
  });

  it('are those that the manifest lists, where it lists any', async () => {
    const { send, app, versions, dimension } = await start();
    const manifest = {
      ...{ manifest_version: 1, project: 'acme-cli', report: {} },
      facts: { version: ['1.0.0', '2.*', 'ada’s own'], runtime: ['node'] },
      events: { startup: { description: 'x', fields: {} } },
    };
    const put = await app.inject({
      ...{ method: 'PUT', url: '/v1/projects/acme-cli/manifest', payload: manifest },
      headers: { authorization: `Bearer ${TOKEN}` },
    });
    expect(put.statusCode).toBe(200);
    const names = ['1.0.0', '1.0.1', '2.7.1', '20.1', 'ada’s own', 'unknown'];
    await send('192.0.2.1', [
      ...names.map((name) => of(name)),
      { ...of('1.0.0'), info: { ...info, version: '1.0.0', runtime: 'bun', os: 'Darwin' } },
    ]);
    const counted = { '1.0.0': 2, '2.7.1': 1, 'ada’s own': 1, unknown: 1, other: 2 };
    expect(await versions()).toEqual(counted);
    expect((await dimension('runtime')).sort()).toEqual(['node', 'other']);
    expect(await dimension('os')).toEqual(expect.arrayContaining(['Linux', 'Darwin']));
  });

  it('of the first generation stay as they are', async () => {
    const { app, versions, dimension } = await start();
    for (const os of ['Linux', 'Darwin', 'Windows']) {
      const answer = await app.inject({
        ...{ method: 'POST', url: '/statistics', remoteAddress: '192.0.2.1' },
        payload: {
          ...{ anonymous_id: os, timestamp: '2026-11-22T20:00:00.123456', project: 'acme-cli' },
          info: { os, version: '1.0' },
        },
      });
      expect(answer.statusCode).toBe(200);
    }
    expect(await versions()).toEqual({ '1.0': 3 });
    expect((await dimension('os')).sort()).toEqual(['Darwin', 'Linux', 'Windows']);
  });
});
